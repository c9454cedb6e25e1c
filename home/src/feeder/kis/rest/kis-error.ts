// A call that KIS refused, or did not answer. Its text never holds a key or a token.

import { type Reaction, reactionTo } from './reactions.ts'

export class KisError extends Error {
  override readonly name = 'KisError'
  /** KIS's own, or one of ours: `TIMEOUT`, `NETWORK`, `HTTP_5`, `BUSY`. */
  readonly code: string
  readonly reaction: Reaction

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
    this.reaction = reactionTo(code)
  }
}
