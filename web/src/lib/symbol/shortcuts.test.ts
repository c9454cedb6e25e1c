import { expect, it } from 'vitest'
import { actionOf } from './shortcuts.ts'

const NONE = { ctrlKey: false, metaKey: false, altKey: false }

it.each([
  [{ code: 'KeyB', key: 'b' }, 'buy'],
  [{ code: 'KeyB', key: 'ㅠ' }, 'buy'],
  [{ code: 'KeyS', key: 'S' }, 'sell'],
  [{ code: 'KeyO', key: 'o' }, 'book'],
  [{ code: 'KeyP', key: 'p' }, 'say'],
  [{ code: 'Slash', key: '?' }, 'help'],
  [{ code: 'Slash', key: '/' }, null],
  [{ code: 'KeyX', key: 'x' }, null],
  [{ code: 'KeyS', key: 's', ctrlKey: true }, null],
  [{ code: 'KeyB', key: 'b', metaKey: true }, null],
  [{ code: 'KeyP', key: 'p', altKey: true }, null],
  [{ code: 'KeyB', key: 'ㅠ', isComposing: true }, null],
])('the key %o asks for %s', (event, action) => {
  expect(actionOf({ ...NONE, ...event })).toBe(action)
})
