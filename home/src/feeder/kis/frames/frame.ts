// Pure: no I/O, no clock, no randomness.
// What KIS's WebSocket says, one text at a time. Data is `<0|1>|<TR id>|<count>|<fields with ^>`, with
// the fields of `count` records in a row; all else is JSON.

import { isRow, textOf } from '../kis-text.ts'

export type Ack = {
  trId: string
  trKey: string
  /** `OPSP0000` and its kin. */
  code: string
  message: string
}

export type Frame =
  | { kind: 'data'; trId: string; records: readonly (readonly string[])[] }
  /** Order notices, which are not used. */
  | { kind: 'encrypted'; trId: string }
  | { kind: 'ping' }
  | { kind: 'ack'; ack: Ack }
  | { kind: 'bad'; reason: string }

/** Longer than any real one: 999 trades would be some 300 KB. */
export const FRAME_LENGTH_MAX = 1_000_000

const HEAD = /^([01])\|([A-Z0-9]{5,12})\|(\d{1,4})\|/

/** Never throws: what cannot be read is `bad`, with the reason. */
export function readFrame(text: string): Frame {
  if (text.length > FRAME_LENGTH_MAX) return bad('too long')
  return text.startsWith('{') ? readMessage(text) : readData(text)
}

function readData(text: string): Frame {
  const head = HEAD.exec(text)
  if (!head) return bad('no header')
  const [whole, encrypted, trId, countText] = head
  if (encrypted === '1') return { kind: 'encrypted', trId: trId! }
  const count = Number.parseInt(countText!, 10)
  const fields = text.slice(whole.length).split('^')
  if (count === 0) return bad('no records')
  if (fields.length % count !== 0 && fields.at(-1) === '') fields.pop()
  if (fields.length % count !== 0) return bad('records of unequal length')
  const width = fields.length / count
  const records = Array.from({ length: count }, (_, index) =>
    fields.slice(index * width, (index + 1) * width),
  )
  return { kind: 'data', trId: trId!, records }
}

function readMessage(text: string): Frame {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return bad('not JSON')
  }
  if (!isRow(message) || !isRow(message.header)) return bad('no header')
  const { header, body } = message
  const trId = textOf(header.tr_id)
  if (trId === 'PINGPONG') return { kind: 'ping' }
  if (!isRow(body) || textOf(body.msg_cd) === '') return bad('no answer')
  const code = textOf(body.msg_cd)
  return {
    kind: 'ack',
    ack: { trId, trKey: textOf(header.tr_key), code, message: textOf(body.msg1) },
  }
}

const bad = (reason: string): Frame => ({ kind: 'bad', reason })
