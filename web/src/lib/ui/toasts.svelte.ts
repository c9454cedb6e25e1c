// Short messages that come and go: the one way to tell the user something he did not ask for.

const SHOWN_MS = 6_000
const TOASTS_MAX = 4

export type Tone = 'good' | 'bad' | 'plain'
export type Toast = { id: number; tone: Tone; title: string; text: string }

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
    this.#after(SHOWN_MS, () => this.dismiss(id))
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}
