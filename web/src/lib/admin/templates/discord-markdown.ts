// Pure: no I/O, no clock, no randomness.
// What Discord makes of the marks in a message, as far as a preview needs it.

export type Mark = 'strong' | 'em' | 'u' | 's' | 'code'
/** A stretch of text, or a mark around others. */
export type Piece = string | { readonly mark: Mark; readonly pieces: readonly Piece[] }

const INNER = String.raw`((?:\\[^]|[^\\])+?)`
const MARKS = new RegExp(
  [
    String.raw`\\([\\\x60*_~|<>#[\]()-])`,
    String.raw`\*\*${INNER}\*\*`,
    String.raw`__${INNER}__`,
    String.raw`~~${INNER}~~`,
    '`([^`]+)`',
    String.raw`\*(?!\s)${INNER}\*`,
    String.raw`(?<![\p{L}\p{N}])_${INNER}_(?![\p{L}\p{N}])`,
  ].join('|'),
  'gu',
)
const MARK_OF: readonly (Mark | null)[] = [null, 'strong', 'u', 's', 'code', 'em', 'em']

/** The pieces of a message, in order. */
export function discordPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  const add = (piece: Piece): void => {
    const last = pieces.at(-1)
    if (typeof piece !== 'string' || typeof last !== 'string') pieces.push(piece)
    else pieces[pieces.length - 1] = last + piece
  }
  for (const match of text.matchAll(MARKS)) {
    if (match.index > end) add(text.slice(end, match.index))
    end = match.index + match[0].length
    const group = match.findIndex((part, index) => index > 0 && part !== undefined)
    const mark = MARK_OF[group - 1] ?? null
    const inner = match[group]!
    if (mark === null) add(inner)
    else add({ mark, pieces: mark === 'code' ? [inner] : discordPieces(inner) })
  }
  if (end < text.length) add(text.slice(end))
  return pieces
}
