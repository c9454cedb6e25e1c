import { expect, it } from 'vitest'
import { parseNetworks } from './networks.ts'

it.each([
  ['', []],
  ['  \n ', []],
  ['203.0.113.0/24', ['203.0.113.0/24']],
  ['203.0.113.7', ['203.0.113.7/32']],
  ['2001:db8::1', ['2001:db8::1/128']],
  ['10.0.0.0/8, 192.168.0.0/16\n2001:db8::/32', ['10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32']],
  // Not for the page to judge: the server names what is wrong.
  ['home', ['home/32']],
])('reads %j as %j', (text, networks) => {
  expect(parseNetworks(text)).toEqual(networks)
})
