// Pure: no I/O, no clock, no randomness.
// Text in cp949 (windows-949): EUC-KR, and the 8,822 syllables that Microsoft added. `TextDecoder`
// is meant to read both by the label `euc-kr`; the one of Node (ICU) reads only the first, and loses
// its place at the others.

const eucKr = new TextDecoder('euc-kr')

/** The syllables of KS X 1001 stand in rows 0xb0 to 0xc8, at 0xa1 to 0xfe. */
const KS_ROW_FIRST = 0xb0
const KS_ROW_LAST = 0xc8
const KS_CELL_FIRST = 0xa1
const CELL_LAST = 0xfe

const LEAD_FIRST = 0x81
/** From here on the cells of KS X 1001 are taken, and a row has fewer to add. */
const KS_LEAD_FIRST = 0xa1
const LEAD_LAST = 0xc6
/** Trail bytes of what was added: letters' places, then all from 0x81. */
const TRAILS: readonly number[] = [
  ...range(0x41, 0x5a),
  ...range(0x61, 0x7a),
  ...range(0x81, CELL_LAST),
]
const ADDED = new Map<number, string>()

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** All that KS X 1001 left out, in the order of Unicode, over all free cells: so it was laid out. */
function fillAdded(): void {
  const standard = new Set<string>()
  for (const row of range(KS_ROW_FIRST, KS_ROW_LAST)) {
    for (const cell of range(KS_CELL_FIRST, CELL_LAST)) {
      standard.add(eucKr.decode(Uint8Array.of(row, cell)))
    }
  }
  const missing = range(0xac00, 0xd7a3)
    .map((code) => String.fromCharCode(code))
    .filter((syllable) => !standard.has(syllable))
  let next = 0
  for (const lead of range(LEAD_FIRST, LEAD_LAST)) {
    for (const trail of TRAILS) {
      if (lead >= KS_LEAD_FIRST && trail >= KS_CELL_FIRST) break
      const syllable = missing[next++]
      if (syllable !== undefined) ADDED.set(lead * 256 + trail, syllable)
    }
  }
}

/** What is no cp949 becomes U+FFFD. */
export function decodeCp949(bytes: Uint8Array): string {
  if (ADDED.size === 0) fillAdded()
  let text = ''
  let from = 0
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!
    if (lead < LEAD_FIRST) {
      at += 1
      continue
    }
    const added = ADDED.get(lead * 256 + (bytes[at + 1] ?? 0))
    if (added !== undefined) {
      text += eucKr.decode(bytes.subarray(from, at)) + added
      from = at + 2
    }
    at += 2
  }
  return text + eucKr.decode(bytes.subarray(from))
}
