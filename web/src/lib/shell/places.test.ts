import { describe, expect, it } from 'vitest'
import { HEADER_PLACES, isAt, restPlaces, TAB_PLACES } from './places.ts'

const hrefs = (list: readonly { href: string }[]) => list.map(({ href }) => href)

describe('the places of the app', () => {
  it.each([
    ['/', '/', true],
    ['/', '/orders', false],
    ['/symbol', '/symbol/CRYPTO-COIN-BTC', true],
    ['/symbol', '/symbols', false],
    ['/admin', '/admin/audit', true],
  ])('%s is current at %s: %s', (href, path, expected) => {
    expect(isAt({ href }, path)).toBe(expected)
  })

  it('are all within reach of a phone: in the tab bar or behind its last button', () => {
    const rest = restPlaces({ isSignedIn: true, isAdmin: true })
    const reached = hrefs([...TAB_PLACES, ...rest])
    expect(hrefs(HEADER_PLACES).filter((href) => !reached.includes(href))).toEqual([])
    expect(new Set(reached).size).toBe(reached.length)
  })

  it('show a visitor no page that is somebody’s own', () => {
    const visitor = restPlaces({ isSignedIn: false, isAdmin: false })
    expect(hrefs(visitor)).toEqual(['/alerts', '/ranking', '/status'])
  })
})
