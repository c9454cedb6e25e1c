import { expect, it } from 'vitest'
import type { ProblemCode } from '@motu/shared/problem.ts'
import { failureText } from './problems.ts'

const refused = (code: ProblemCode, waitSeconds?: number) =>
  failureText({ kind: 'problem', code, detail: '', fields: {}, status: 429, waitSeconds })

it('says how long to wait where the server does, and it is worth saying', () => {
  expect(refused('rate-limited', 47)).toContain('47')
  expect(refused('rate-limited', 2)).toBe(refused('rate-limited'))
  expect(refused('rate-limited')).not.toMatch(/\d|undefined/)
  expect(refused('forbidden', 47)).not.toContain('47')
})
