// Short messages that come and go: the one way to tell the user something he did not ask for.

const SHOWN_MS = 6_000
/** With something to do in it: time to read it and to reach it. */
const SHOWN_TO_ACT_MS = 10_000
const TOASTS_MAX = 4

export type Tone = 'good' | 'bad' | 'plain'
/** Where to go from a toast, or what to do: to take something back, say. */
export type ToastAction = { label: string; href: string } | { label: string; run: () => void }
export type Toast = {
  id: number
  tone: Tone
  title: string
  text: string
  action?: ToastAction
  /** It waits for the viewer, however long. */
  stays?: boolean
}

export class Toasts {
  list = $state<Toast[]>([])
  #nextId = 1
  readonly #after: (delayMs: number, call: () => void) => () => void

  constructor(after: (delayMs: number, call: () => void) => () => void) {
    this.#after = after
  }

  show(toast: Omit<Toast, 'id'>): void {
    const id = this.#nextId++
    this.list = [...this.list, { ...toast, id }].slice(-TOASTS_MAX)
    if (toast.stays) return
    this.#after(toast.action ? SHOWN_TO_ACT_MS : SHOWN_MS, () => this.dismiss(id))
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}
