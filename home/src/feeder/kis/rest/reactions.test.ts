import { describe, expect, it } from 'vitest'
import { knownCodes, type Reaction, reactionTo } from './reactions.ts'

/** Every code KIS documents for what is used here, and what is to be done about it. */
const TABLE: readonly (readonly [Reaction, ...string[]])[] = [
  ['retry', 'EGW00001', 'EGW00002', 'EGW00202', 'EGW00203', 'EGW00301', 'EGW00302', 'EGW00304'],
  ['retry', 'OPSP0007', 'TIMEOUT', 'NETWORK', 'HTTP_5'],
  ['wait', 'EGW00133', 'EGW00201', 'OPSP8996', 'HTTP_429'],
  ['new_token', 'EGW00121', 'EGW00122', 'EGW00123', 'EGW00205', 'OPSQ1002'],
  ['new_approval', 'OPSP0011'],
  ['drop_registration', 'OPSP0008', 'OPSP8991', 'OPSP8992', 'OPSP8993'],
  ['ask_admin', 'EGW00003', 'EGW00102', 'EGW00103', 'EGW00104', 'EGW00105', 'EGW00206'],
  ['ask_admin', 'EGW00207', 'OPSP0010'],
  ['give_up', 'EGW00101', 'EGW00115', 'EGW00116', 'EGW00131', 'EGW00132', 'EGW00208', 'EGW00213'],
  ['give_up', 'OPSQ0002', 'OPSQ2000', 'OPSQ2001', 'OPSQ2002'],
  ['give_up', 'OPSQ9995', 'OPSQ9996', 'OPSQ9997', 'OPSQ9998', 'OPSQ9999'],
  ['give_up', 'OPSP8997', 'OPSP9990', 'OPSP9991', 'OPSP9992', 'OPSP9993', 'OPSP9994'],
  ['give_up', 'OPSP9995', 'OPSP9996', 'OPSP9997', 'OPSP9998', 'OPSP9999'],
]
const rows = TABLE.flatMap(([reaction, ...codes]) => codes.map((code) => [code, reaction] as const))

describe('the reaction', () => {
  it.each(rows)('to %s is %s', (code, reaction) => {
    expect(reactionTo(code)).toBe(reaction)
  })

  it('has a row here for each code it knows', () => {
    expect(rows.map(([code]) => code).toSorted()).toEqual([...knownCodes()].toSorted())
  })

  it.each(['', 'EGW99999', 'UNREADABLE', 'HTTP_404', 'PARKED', 'BUSY'])(
    'to %s, which is in no list, is to give up',
    (code) => expect(reactionTo(code)).toBe('give_up'),
  )
})
