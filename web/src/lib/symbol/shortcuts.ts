// Pure: no I/O, no clock, no randomness.
// Keys of the symbol page. Single letters work only outside fields and dialogs, without modifiers,
// and can be switched off: WCAG 2.1.4.

export type ShortcutAction = 'buy' | 'sell' | 'book' | 'say' | 'help'

/** By the physical key where it is a letter: a Korean keyboard types ㅠ for B. */
const SHORTCUTS: readonly { code: string; key: string; action: ShortcutAction }[] = [
  { code: 'KeyB', key: 'B', action: 'buy' },
  { code: 'KeyS', key: 'S', action: 'sell' },
  { code: 'KeyO', key: 'O', action: 'book' },
  { code: 'KeyP', key: 'P', action: 'say' },
]

type Pressed = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey'> & {
  readonly isComposing?: boolean
}

/** What a key asks for; null for nothing of ours. */
export function actionOf(event: Pressed): ShortcutAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null
  if (event.key === '?') return 'help'
  return SHORTCUTS.find(({ code }) => code === event.code)?.action ?? null
}

/** Whether the key goes into something that is typed into, chosen from, or lies above the page. */
export function isTaken(target: Pick<Element, 'closest'>): boolean {
  return (
    target.closest(
      'input, textarea, select, [contenteditable="true"], dialog, [role="dialog"], [role="menu"]',
    ) !== null
  )
}
