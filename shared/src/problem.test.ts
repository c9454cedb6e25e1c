import { describe, expect, it } from 'vitest'
import { DomainError, type ProblemCode, problemOf, PROBLEMS } from './problem.ts'

const CONTEXT = { origin: 'https://motu.example', requestId: 'request-1' }

describe('a problem', () => {
  it.each(Object.entries(PROBLEMS))('%s has a status of 4xx or 5xx and a title', (code, entry) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(entry.status).toBeGreaterThanOrEqual(400)
    expect(entry.status).toBeLessThan(600)
    expect(entry.title.length).toBeGreaterThan(5)
    expect(problemOf(new DomainError(code as ProblemCode), CONTEXT)).toEqual({
      type: `https://motu.example/problems/${code}`,
      title: entry.title,
      status: entry.status,
      detail: entry.title,
      instance: '/requests/request-1',
    })
  })

  it('has a title of its own', () => {
    const titles = Object.values(PROBLEMS).map((entry) => entry.title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('carries its detail and the fields it is about, and nothing of its cause', () => {
    const errors = [{ pointer: '#/limit_price', detail: 'Off the tick.' }]
    const cause = new Error('SELECT secret')
    const error = new DomainError('price-off-tick', { detail: 'Steps of 100.', errors, cause })
    expect(error.cause).toBe(cause)
    expect(problemOf(error, CONTEXT)).toEqual({
      type: 'https://motu.example/problems/price-off-tick',
      title: 'The price is not on a tick',
      status: 422,
      detail: 'Steps of 100.',
      instance: '/requests/request-1',
      errors,
    })
    expect(JSON.stringify(problemOf(error, CONTEXT))).not.toContain('secret')
  })
})
