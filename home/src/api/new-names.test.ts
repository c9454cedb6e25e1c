import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { registerSchema } from '@motu/shared/contract/auth.ts'
import { nicknameFor, usernameFor } from './new-names.ts'

const FAMILY = '\u{1f468}\u200d\u{1f469}'

describe('the user name of who comes from elsewhere', () => {
  it.each<[names: string[], digits: string, expected: string]>([
    [['minji'], '', 'minji'],
    [['minji'], '4821', 'minji-4821'],
    [['Min Ji!'], '', 'min-ji'],
    [['José.Ñ'], '', 'jose.n'],
    [['minji@example.com'], '', 'minji'],
    [['민지'], '', 'trader'],
    [['민지', 'minji'], '', 'minji'],
    [['ab'], '', 'trader'],
    [['ab'], '4821', 'ab-4821'],
    [['..__..'], '', 'trader'],
    [['x'.repeat(40)], '', 'x'.repeat(32)],
    [['x'.repeat(40)], '4821', `${'x'.repeat(27)}-4821`],
    [[`${'x'.repeat(26)}.${'y'.repeat(9)}`], '4821', `${'x'.repeat(26)}-4821`],
    [[], '', 'trader'],
    [['@'], '12', 'trader-12'],
  ])('of %j with %j is %s', (names, digits, expected) => {
    expect(usernameFor(names, digits)).toBe(expected)
  })
})

describe('his nickname', () => {
  it.each<[names: string[], expected: string]>([
    [['민지'], '민지'],
    [['<b>min</b>'], 'bmin/b'],
    [['   ', 'Min'], 'Min'],
    [['\u202e', '\0'], 'minji'],
    [['가'.repeat(30)], '가'.repeat(24)],
    [[`${'x'.repeat(23)}\u{1f680}`], 'x'.repeat(23)],
    [[FAMILY], '\u{1f468}\u{1f469}'],
    [[], 'minji'],
  ])('of %j is %s', (names, expected) => {
    expect(nicknameFor(names, 'minji')).toBe(expected)
  })
})

it('fits, whatever the names are', () => {
  const anything = fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 3 })
  fc.assert(
    fc.property(anything, fc.constantFrom('', '0042', '0123456789'), (names, digits) => {
      const username = usernameFor(names, digits)
      const nickname = nicknameFor(names, username)
      const user = { username, nickname, password: 'password' }
      expect(registerSchema.safeParse(user).success).toBe(true)
    }),
  )
})
