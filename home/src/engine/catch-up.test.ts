import { describe, expect, it, test } from 'vitest'
import { CATCH_UP_MS_MAX, CatchUp, LATE_MS, QUIET_MS, RETURN_MS } from './catch-up.ts'

const USER = 'a'
const NOW = 1_000_000

test.each([
  ['just now', NOW, false],
  ['from the future', NOW + 1, false],
  ['as old as it may be', NOW - LATE_MS, false],
  ['a millisecond older', NOW - LATE_MS - 1, true],
])('a message %s', (_, instant, isOld) => {
  expect(new CatchUp().isOld(instant, NOW)).toBe(isOld)
})

describe('after a message of the past', () => {
  const behind = (): CatchUp => {
    const catchUp = new CatchUp()
    catchUp.noteLate(USER, NOW)
    return catchUp
  }

  it('its user alone is behind, with all his orders', () => {
    const catchUp = behind()
    expect(catchUp.isBehind(USER)).toBe(true)
    expect(catchUp.isBehind('b')).toBe(false)
    expect(catchUp.standsStill(USER, NOW + 1)).toBe(true)
    expect(catchUp.standsStill('b', 0)).toBe(false)
  })

  test.each([
    ['while messages of the past are in hand', QUIET_MS, true, false],
    ['before it is quiet', QUIET_MS - 1, false, false],
    ['once it is quiet', QUIET_MS, false, true],
    ['after the longest time, whatever is in hand', CATCH_UP_MS_MAX, true, true],
    ['a moment before that', CATCH_UP_MS_MAX - 1, true, false],
  ])('ends %s: %i ms', (_, afterMs, isBusy, ends) => {
    const catchUp = behind()
    expect(catchUp.end(NOW + afterMs, isBusy)).toBe(ends)
    expect(catchUp.isActive).toBe(!ends)
    expect(catchUp.isBehind(USER)).toBe(!ends)
  })

  it('each further one begins the quiet anew, and not the longest time', () => {
    const catchUp = behind()
    for (let at = NOW; at < NOW + CATCH_UP_MS_MAX; at += QUIET_MS - 1) {
      expect(catchUp.end(at, false)).toBe(false)
      catchUp.noteLate('b', at)
    }
    expect(catchUp.end(NOW + CATCH_UP_MS_MAX, false)).toBe(true)
  })
})

describe('after a return', () => {
  const returned = (): CatchUp => {
    const catchUp = new CatchUp()
    catchUp.noteReturn(NOW)
    return catchUp
  }

  it('whatever was accepted before stands still, and whoever writes waits his turn', () => {
    const catchUp = returned()
    expect(catchUp.standsStill(USER, NOW - 1)).toBe(true)
    expect(catchUp.standsStill(USER, NOW)).toBe(false)
    expect(catchUp.isBehind(USER)).toBe(true)
  })

  test.each([
    ['before the edge may have found home', RETURN_MS - 1, false, false],
    ['then, when nothing came', RETURN_MS, false, true],
    ['not while something is in hand', RETURN_MS, true, false],
  ])('ends %s: %i ms', (_, afterMs, isBusy, ends) => {
    const catchUp = returned()
    expect(catchUp.isReturning(NOW + afterMs)).toBe(afterMs < RETURN_MS)
    expect(catchUp.end(NOW + afterMs, isBusy)).toBe(ends)
  })

  it('a second return does not begin it anew', () => {
    const catchUp = returned()
    catchUp.noteReturn(NOW + 1_000)
    expect(catchUp.standsStill(USER, NOW + 500)).toBe(false)
    expect(catchUp.end(NOW + RETURN_MS, false)).toBe(true)
  })
})

it('ends only once, and nothing ends that has not begun', () => {
  const catchUp = new CatchUp()
  expect(catchUp.end(NOW, false)).toBe(false)
  catchUp.noteReturn(NOW)
  expect(catchUp.end(NOW + RETURN_MS, false)).toBe(true)
  expect(catchUp.end(NOW + RETURN_MS, false)).toBe(false)
  expect(catchUp.isActive).toBe(false)
})
