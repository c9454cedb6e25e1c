import { describe, expect, it } from 'vitest'
import { FRAME_LENGTH_MAX, readFrame } from './frame.ts'

describe('a frame', () => {
  it.each([
    ['0|H0STCNT0|001|005930^093354', [['005930', '093354']]],
    [
      '0|H0STCNT0|002|a^b^c^d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['0|H0STCNT0|003|a^b^c', [['a'], ['b'], ['c']]],
    // A separator too many at the end is no field, unless the records need it.
    [
      '0|H0STCNT0|002|a^b^c^d^',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['0|H0STMKO0|001|005930^N^', [['005930', 'N', '']]],
    ['0|HDFSCNT0|1|a^b', [['a', 'b']]],
  ])('%s has its records', (text, records) => {
    expect(readFrame(text)).toMatchObject({ kind: 'data', records })
  })

  it('that is encrypted is known, and left', () => {
    expect(readFrame('1|H0STCNI0|001|c2VjcmV0')).toEqual({ kind: 'encrypted', trId: 'H0STCNI0' })
  })

  it('tells the heartbeat from an answer', () => {
    const ping = '{"header":{"tr_id":"PINGPONG","datetime":"20261120093354"}}'
    expect(readFrame(ping)).toEqual({ kind: 'ping' })
    const ack =
      '{"header":{"tr_id":"H0STCNT0","tr_key":"005930","encrypt":"N"},' +
      '"body":{"rt_cd":"0","msg_cd":"OPSP0000","msg1":"SUBSCRIBE SUCCESS",' +
      '"output":{"iv":"0123456789abcdef","key":"abcdefghijklmnopabcdefghijklmnop"}}}'
    expect(readFrame(ack)).toEqual({
      kind: 'ack',
      ack: { trId: 'H0STCNT0', trKey: '005930', code: 'OPSP0000', message: 'SUBSCRIBE SUCCESS' },
    })
  })

  it.each([
    '',
    'hello',
    '0',
    '2|H0STCNT0|001|a',
    '0|H0STCNT0|001',
    '0|h0stcnt0|001|a',
    '0|H0STCNT0|000|a',
    '0|H0STCNT0|00x|a',
    '0|H0STCNT0|-01|a',
    '0|H0STCNT0|002|a^b^c',
    '{',
    '{}',
    '{"header":null}',
    '{"header":{"tr_id":"H0STCNT0"}}',
    '{"header":{"tr_id":"H0STCNT0"},"body":{}}',
    '[1]',
    `0|H0STCNT0|001|${'9'.repeat(FRAME_LENGTH_MAX)}`,
  ])('is bad, and nothing is thrown: %s', (text) => {
    expect(readFrame(text).kind).toBe('bad')
  })
})
