import { describe, expect, it } from 'vitest'
import { registerSchema } from './auth.ts'

const REGISTRATION = { username: 'minji', password: 'password', nickname: '민지' }

describe('a registration', () => {
  it.each<[string, object, boolean]>([
    ['as it should be', {}, true],
    ['a name of 2', { username: 'ab' }, false],
    ['a name of 3', { username: 'abc' }, true],
    ['a name of 32', { username: 'a'.repeat(32) }, true],
    ['a name of 33', { username: 'a'.repeat(33) }, false],
    ['a name in upper case', { username: 'Minji' }, false],
    ['a name that ends with a dot', { username: 'minji.' }, false],
    ['a name with a dot inside', { username: 'min.ji' }, true],
    ['a name beyond ASCII', { username: '민지민지' }, false],
    ['a password of 7', { password: 'x'.repeat(7) }, false],
    ['a password of 8', { password: 'x'.repeat(8) }, true],
    ['a password of 128', { password: 'x'.repeat(128) }, true],
    ['a password of 129', { password: 'x'.repeat(129) }, false],
    ['a nickname of blanks', { nickname: '   ' }, false],
    ['a nickname of 24', { nickname: '가'.repeat(24) }, true],
    ['a nickname of 25', { nickname: '가'.repeat(25) }, false],
    ['a nickname with markup', { nickname: '<b>' }, false],
    ['a nickname with a NUL', { nickname: 'a\0b' }, false],
    ['a nickname that turns the text around', { nickname: 'a\u202eb' }, false],
    ['a nickname with half a letter', { nickname: 'a\ud800' }, false],
    ['a role', { role: 'ADMIN' }, false],
  ])('with %s: taken is %s', (_, change, isTaken) => {
    expect(registerSchema.safeParse({ ...REGISTRATION, ...change }).success).toBe(isTaken)
  })
})
