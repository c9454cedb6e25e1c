import type { TapeView } from '@motu/shared/contract/stream.ts'
import { describe, expect, it } from 'vitest'
import { type Print, withPrints } from './tape-buffer.ts'

const prints = (...at: number[]): TapeView['prints'] => at.map((ms) => [ms, '100', '1', 'BUY'])
const instants = (list: readonly Print[]) => list.map(({ at }) => at)

describe('the tape', () => {
  it.each([
    ['begins with what came', [], [1, 2], [2, 1]],
    ['puts new prints on top', [1, 2], [3, 4], [4, 3, 2, 1]],
    ['keeps two prints of one instant', [1, 2], [2, 3], [3, 2, 2, 1]],
    ['takes nothing twice after a lost connection', [1, 2, 3], [2, 3, 4], [4, 3, 2, 1]],
    ['takes what it missed behind a frame it does not know', [1, 5], [3, 4, 6], [6, 5, 1]],
    ['stays as it is for a frame without prints', [1], [], [1]],
  ])('%s', (_name, known, frame, expected) => {
    const list = withPrints([], prints(...known))
    expect(instants(withPrints(list, prints(...frame)))).toEqual(expected)
  })

  it('keeps no more than fit, and gives every print its own id', () => {
    const list = withPrints(withPrints([], prints(1, 2, 3), 4), prints(4, 5, 6), 4)
    expect(instants(list)).toEqual([6, 5, 4, 3])
    expect(list.map(({ id }) => id)).toEqual([6, 5, 4, 3])
  })

  it('hands the same list back when nothing is new', () => {
    const list = withPrints([], prints(1, 2))
    expect(withPrints(list, prints(1, 2))).toBe(list)
  })
})
