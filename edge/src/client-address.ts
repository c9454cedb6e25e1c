// Where a request comes from. A header says so only if a proxy of ours wrote it: the peer itself is
// what counts otherwise, because limits and the networks of an API key hang on it.

import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import type { AppEnv } from './env.ts'
import { isIn, type Network, parseNetworks } from './networks.ts'

/**
 * Where a proxy of ours may stand unless TRUSTED_PROXIES says otherwise: this machine, and every
 * private network, such as that of its containers.
 */
const USUAL_PROXIES = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
].join(',')
/** One customer gets a whole /64: within it an address costs nothing. */
const IPV6_GROUP_BITS = 64
const UNKNOWN = 'unknown'

/** What workerd says of the peer when it runs by itself; Cloudflare says other things here. */
type Peer = { clientIp?: string }

/** The address of the client, in its usual form; `unknown` when the runtime does not say. */
export function clientAddress(c: Context<AppEnv>): string {
  const known = c.get('clientAddress')
  if (known !== undefined) return known
  const address = readAddress(c)
  c.set('clientAddress', address)
  return address
}

function readAddress(c: Context<AppEnv>): string {
  const peer = (c.req.raw.cf as Peer | undefined)?.clientIp
  if (peer === undefined) return normalAddress(c.req.header('cf-connecting-ip') ?? UNKNOWN)
  const address = normalAddress(withoutPort(peer))
  if (!isProxy(c, address)) return address
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return forwarded ? normalAddress(forwarded) : address
}

/** The origin the client called, as its browser names it: a proxy may have ended TLS before us. */
export function calledOrigin(c: Context<AppEnv>): string {
  const url = new URL(c.req.url)
  const origin = c.req.header('origin')
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === url.host) {
    return origin
  }
  const peer = (c.req.raw.cf as Peer | undefined)?.clientIp
  const isBehindProxy = peer !== undefined && isProxy(c, normalAddress(withoutPort(peer)))
  const isTls = isBehindProxy && c.req.header('x-forwarded-proto') === 'https'
  return isTls ? `https://${url.host}` : url.origin
}

/** Whom a limit by address is about: an IPv4 address, or the network an IPv6 address is one of. */
export function addressGroup(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/${IPV6_GROUP_BITS}`).toString()
}

/** Read once: the setting does not change while the edge runs. */
let proxies: Network[] | null = null

function isProxy(c: Context<AppEnv>, address: string): boolean {
  proxies ??= parseNetworks(c.env.TRUSTED_PROXIES?.trim() || USUAL_PROXIES)
  return isIn(address, proxies)
}

/** One address has one form: `::ffff:1.2.3.4` is `1.2.3.4`. What is none stays short. */
function normalAddress(text: string): string {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : UNKNOWN
}

/** `127.0.0.1:40508` or `[::1]:40508`. */
function withoutPort(peer: string): string {
  const end = peer.lastIndexOf(':')
  return peer.slice(0, end).replace(/^\[|\]$/g, '')
}
