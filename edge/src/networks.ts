// Networks in CIDR, of both families.

import ipaddr from 'ipaddr.js'

export type Network = ReturnType<typeof ipaddr.parseCIDR>

/** Networks with commas between; throws on a text that is none. */
export function parseNetworks(text: string): Network[] {
  const networks = text.split(',').map((network) => network.trim())
  return networks.filter(Boolean).map((network) => ipaddr.parseCIDR(network))
}

/** Whether an address is in one of these networks. An unknown one is in none. */
export function isIn(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return networks.some(
    ([base, bits]) => base.kind() === parsed.kind() && parsed.match([base, bits]),
  )
}

/** As `isIn`, of networks as text; what is no network has nobody in it. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const valid = networks.filter((network) => ipaddr.isValidCIDR(network))
  return isIn(
    address,
    valid.map((network) => ipaddr.parseCIDR(network)),
  )
}
