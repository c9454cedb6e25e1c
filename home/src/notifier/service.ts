// What every service that takes messages has in common: the port its adapter fills, and what a try
// to send comes to.

import type { Medium } from '@motu/shared/render-template.ts'

/** What became of a try. `unclear`: it may have arrived, the answer was not seen. */
export type Sent =
  | {
      readonly kind: 'sent'
      /** The service wants a pause before the next. */ readonly pauseMs: number
    }
  | { readonly kind: 'limited'; readonly pauseMs: number }
  | { readonly kind: 'unclear'; readonly error: string }
  | { readonly kind: 'failing'; readonly error: string }
  /** The message is not taken, however often it is sent. */
  | { readonly kind: 'refused'; readonly error: string }
  /** There is no such place any more. */
  | { readonly kind: 'gone'; readonly error: string }

/** What goes with a message. */
export type Picture = {
  readonly fileName: string
  readonly png: Uint8Array<ArrayBuffer>
  /** Above it, where a service shows one. */
  readonly title: string
  /** What it shows, for whom it is read aloud. */
  readonly description: string
}

/** One place of a service, with its secret address inside. */
export type Place = {
  readonly medium: Medium
  /** Of the secret address: a new address is a new place. */
  readonly addressHash: string
  /** Never rejects. */
  send(text: string, picture?: Picture | null): Promise<Sent>
}
