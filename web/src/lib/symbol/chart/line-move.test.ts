import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { LineMove } from './line-move.svelte.ts'
import type { OrderLine } from './marks.ts'

function setUp(changes: Partial<OrderLine> = {}) {
  const replaced: unknown[] = []
  const move = new LineMove({
    replace: (order, change) => {
      replaced.push([order.order_id, change])
      return Promise.resolve(null)
    },
  })
  const line: OrderLine = {
    ...{ order: { order_id: 'o1' } as Order, side: 'BUY', remaining: decimal('1') },
    ...{ price: decimal('100'), kind: 'limit', isMovable: true },
    ...changes,
  }
  return { move, line, replaced }
}

describe('a line that is moved', () => {
  it('replaces its order once it is put down and confirmed', async () => {
    const { move, line, replaced } = setUp()
    move.moveTo(line, decimal('101'))
    expect(move.priceOf(line)).toBe(decimal('101'))
    move.drop()
    expect([move.isAsking, replaced]).toEqual([true, []])
    expect(await move.confirm()).toBeNull()
    expect(replaced).toEqual([['o1', { limit_price: '101' }]])
    expect(move.move).toBeNull()
  })

  it('moves the stop of a stop', async () => {
    const { move, line, replaced } = setUp({ kind: 'stop' })
    move.moveTo(line, decimal('99.5'))
    move.drop()
    await move.confirm()
    expect(replaced).toEqual([['o1', { stop_price: '99.5' }]])
  })

  it('asks nothing when it is put back where it stood', () => {
    const { move, line } = setUp()
    move.moveTo(line, decimal('101'))
    move.moveTo(line, decimal('100'))
    move.drop()
    expect([move.isAsking, move.move]).toEqual([false, null])
  })

  it('stands where it stood after a cancel, and replaces nothing', async () => {
    const { move, line, replaced } = setUp()
    move.moveTo(line, decimal('101'))
    move.drop()
    move.cancel()
    expect(move.priceOf(line)).toBe(decimal('100'))
    await move.confirm()
    expect(replaced).toEqual([])
  })

  it('does not move while its order is being cancelled, or while another move is asked about', () => {
    const fixed = setUp({ isMovable: false })
    fixed.move.moveTo(fixed.line, decimal('101'))
    expect(fixed.move.move).toBeNull()
    const { move, line } = setUp()
    move.moveTo(line, decimal('101'))
    move.drop()
    move.moveTo(line, decimal('102'))
    expect(move.move?.price).toBe(decimal('101'))
  })
})
