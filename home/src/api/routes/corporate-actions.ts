// Splits and dividends: read by anyone, recorded by admins. Applying them is not done here.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  type CorporateActionView,
  listCorporateActionsRoute,
  type NewCorporateAction,
  recordCorporateActionRoute,
} from '@motu/shared/contract/corporate-actions.ts'
import type { ActionTerms } from '@motu/shared/corporate-action.ts'
import { corporateActionId } from '@motu/shared/corporate-action-id.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { type CorporateAction, insertAction, readActions } from '../../db/corporate-actions.ts'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'

export function addCorporateActionRoutes(
  app: OpenAPIHono<ApiEnv>,
  { sql, now }: Pick<ApiParts, 'sql' | 'now'>,
): void {
  app.openapi(listCorporateActionsRoute, async (c) => {
    const { ticker_id: tickerId, limit } = c.req.valid('query')
    const actions = await readActions(sql, { tickerId, limit })
    return c.json({ actions: actions.map(viewOf) }, 200)
  })

  app.openapi(recordCorporateActionRoute, async (c) => {
    const asked = c.req.valid('json')
    assertPossible(asked)
    const nowMs = now()
    const action = await sql.begin(async (tx) => {
      const recorded = await insertAction(tx, actionOf(asked, nowMs), textsOf(asked))
      if (!isSame(recorded.action.terms, termsOf(asked))) {
        const message = 'an action of this kind is recorded for this day, with other terms'
        throw invalidRequest([{ path: ['ex_date'], message }])
      }
      if (recorded.isNew) {
        const target = `corporate-action:${recorded.action.id}`
        const entry = { action: 'corporate_action_recorded', ...actorOf(c), target } as const
        await audit(tx, { ...entry, detail: asked }, nowMs)
      }
      return recorded.action
    })
    return c.json(viewOf(action), 201)
  })
}

function assertPossible(asked: NewCorporateAction): void {
  const instrument = findInstrument(asked.ticker_id)
  if (!instrument) {
    throw new DomainError('unknown-instrument', { detail: `${asked.ticker_id} is not listed.` })
  }
  if (instrument.venue === 'CRYPTO' && asked.kind === 'CASH_DIVIDEND') {
    throw invalidRequest([{ path: ['kind'], message: 'coins pay no dividend' }])
  }
  if (asked.kind === 'SPLIT' && decimal(asked.ratio_from) === decimal(asked.ratio_to)) {
    throw invalidRequest([{ path: ['ratio_to'], message: 'changes nothing' }])
  }
}

function termsOf(asked: NewCorporateAction): ActionTerms {
  return asked.kind === 'SPLIT'
    ? { kind: 'SPLIT', from: decimal(asked.ratio_from), to: decimal(asked.ratio_to) }
    : { kind: 'CASH_DIVIDEND', amount: decimal(asked.amount) }
}

function isSame(one: ActionTerms, other: ActionTerms): boolean {
  return (
    JSON.stringify(Object.values(one).map(String)) ===
    JSON.stringify(Object.values(other).map(String))
  )
}

function actionOf(asked: NewCorporateAction, nowMs: number): Omit<CorporateAction, 'appliedAt'> {
  const { ticker_id: tickerId, ex_date: exDate, kind, source } = asked
  const id = corporateActionId(tickerId, kind, exDate)
  return { id, tickerId, exDate, source, terms: termsOf(asked), createdAt: nowMs }
}

function textsOf(asked: NewCorporateAction): Parameters<typeof insertAction>[2] {
  return asked.kind === 'SPLIT'
    ? { ratioFrom: asked.ratio_from, ratioTo: asked.ratio_to, amount: null }
    : { ratioFrom: null, ratioTo: null, amount: asked.amount }
}

function viewOf(action: CorporateAction): CorporateActionView {
  const { terms, appliedAt } = action
  const isSplit = terms.kind === 'SPLIT'
  return {
    action_id: action.id,
    ticker_id: action.tickerId,
    kind: terms.kind,
    ex_date: action.exDate,
    ratio_from: isSplit ? formatDecimal(terms.from) : null,
    ratio_to: isSplit ? formatDecimal(terms.to) : null,
    amount: isSplit ? null : formatDecimal(terms.amount),
    source: action.source,
    created_at: new Date(action.createdAt).toISOString(),
    applied_at: appliedAt === null ? null : new Date(appliedAt).toISOString(),
  }
}
