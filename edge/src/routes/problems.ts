// `GET /problems/{code}`: what the `type` of a problem points at, written for people.

import { Hono } from 'hono'
import { html } from 'hono/html'
import { DomainError, type ProblemCode, PROBLEMS } from '@motu/shared/problem.ts'
import type { AppEnv } from '../env.ts'
import { PROBLEM_TEXTS } from '../problem-texts.ts'

export const problems = new Hono<AppEnv>()

problems.get('/', (c) => {
  const codes = Object.keys(PROBLEMS)
  return c.html(
    html`${head('Motu: problems')}
      <ul>
        ${codes.map((code) => html`<li><a href="/problems/${code}">${code}</a></li>`)}
      </ul>`,
  )
})

problems.get('/:code', (c) => {
  const code = c.req.param('code')
  if (!isProblemCode(code)) throw new DomainError('not-found')
  const { status, title } = PROBLEMS[code]
  const { ko, en } = PROBLEM_TEXTS[code]
  return c.html(
    html`${head(`Motu: ${code}`)}
      <h1>${code} <small>${status}</small></h1>
      <p lang="ko">${ko}</p>
      <p lang="en"><strong>${title}.</strong> ${en}</p>
      <p><a href="/problems">problems</a></p>`,
  )
})

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}

function head(title: string) {
  return html`<!doctype html>
    <html lang="ko">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
    </html>`
}
