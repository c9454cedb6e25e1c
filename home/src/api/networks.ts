// Networks an API key may be used from, and the ones its uses come from.

import ipaddr from 'ipaddr.js'

/** What one provider hands out as a whole, roughly: enough to tell a move from a theft. */
const GROUP_BITS = { ipv4: 16, ipv6: 32 } as const
/** One customer gets a whole /64, and his devices another address of it each day. */
const IPV6_GROUP_BITS = 64

/** Whether an address is within one of these networks (CIDR). An unknown one is within none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return networks.some((network) => {
    if (!ipaddr.isValidCIDR(network)) return false
    const [base, bits] = ipaddr.parseCIDR(network)
    return base.kind() === parsed.kind() && parsed.match([base, bits])
  })
}

/** The neighbourhood of an address: its /16, or its /32 of IPv6. Null for what is no address. */
export function neighbourhoodOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  const bits = GROUP_BITS[parsed.kind()]
  const kind = parsed.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  return `${kind.networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`
}

/** Whom a limit by address is about: an IPv4 address, or the /64 one customer has of IPv6. */
export function addressGroup(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/${IPV6_GROUP_BITS}`).toString()
}

/** Whether a text is a network in a form that `isWithin` takes. */
export function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text)
}
