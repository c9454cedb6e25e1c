// Watch lists: each is written whole.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  deleteWatchListRoute,
  listWatchListsRoute,
  putWatchListRoute,
} from '@motu/shared/contract/watch-lists.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { deleteWatchList, listWatchLists, putWatchList } from '../queries/watch-lists.ts'

export function addWatchListRoutes(app: OpenAPIHono<ApiEnv>, { sql, now }: ApiParts): void {
  app.openapi(listWatchListsRoute, async (c) => {
    return c.json({ watch_lists: await listWatchLists(sql, c.get('principal').userId) }, 200)
  })

  app.openapi(putWatchListRoute, async (c) => {
    const { id: watch_list_id } = c.req.valid('param')
    const { name, tickers } = c.req.valid('json')
    refuseUnlisted(tickers)
    const list = { watch_list_id, name, tickers }
    return c.json(await putWatchList(sql, c.get('principal').userId, list, now()), 200)
  })

  app.openapi(deleteWatchListRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await deleteWatchList(sql, c.get('principal').userId, id))) {
      throw new DomainError('not-found', { detail: 'You have no watch list with this id.' })
    }
    return c.body(null, 204)
  })
}

/** What was delisted may stay on a list: it is still known by its name. */
function refuseUnlisted(tickers: readonly string[]): void {
  const errors = tickers.flatMap((tickerId, index) =>
    findInstrument(tickerId) ? [] : [{ pointer: `#/tickers/${index}`, detail: 'is not listed' }],
  )
  if (errors.length > 0) throw new DomainError('unknown-instrument', { errors })
}
