// What a browser says on its socket.

import { type ClientFrame, clientFrameSchema } from '@motu/shared/contract/stream.ts'

/** What a client said; null when it makes no sense. */
export function parseFrame(data: string): ClientFrame | null {
  try {
    return clientFrameSchema.safeParse(JSON.parse(data)).data ?? null
  } catch {
    // Not JSON: the answer is the same.
    return null
  }
}
