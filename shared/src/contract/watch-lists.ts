// Watch lists (관심종목): the tickers a user keeps in sight, in lists of his own.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { jsonAnswer, jsonBody, lineOfText, problemAnswers } from './answers.ts'

export const WATCH_LISTS_MAX = 20
export const WATCHED_TICKERS_MAX = 100
export const WATCH_LIST_NAME_MAX = 30

export const watchListSchema = z
  .object({
    watch_list_id: z.uuid(),
    name: z.string(),
    /** In the user's own order. */
    tickers: z.array(z.string()),
  })
  .openapi('WatchList')
export type WatchList = z.infer<typeof watchListSchema>

/** A list is written whole: what it is called, and what is on it, in this order. */
export const putWatchListSchema = z.object({
  name: lineOfText.min(1).max(WATCH_LIST_NAME_MAX),
  tickers: z
    .array(z.string().max(40))
    .max(WATCHED_TICKERS_MAX)
    .refine((tickers) => new Set(tickers).size === tickers.length, 'names a ticker twice'),
})
export type PutWatchList = z.infer<typeof putWatchListSchema>

/** The id is the client's own choice, so that a repeated request writes the same list. */
const idParam = z.object({ id: z.uuid() })

export const listWatchListsRoute = createRoute({
  method: 'get',
  path: '/api/v1/watch-lists',
  summary: 'Your watch lists, in the order they were made',
  ...access('read'),
  responses: {
    200: jsonAnswer(z.object({ watch_lists: z.array(watchListSchema) }), 'The lists'),
    ...problemAnswers,
  },
})

export const putWatchListRoute = createRoute({
  method: 'put',
  path: '/api/v1/watch-lists/{id}',
  summary: 'Make a watch list, or write it anew',
  ...access('session'),
  request: { params: idParam, body: jsonBody(putWatchListSchema) },
  responses: { 200: jsonAnswer(watchListSchema, 'The list as it is now'), ...problemAnswers },
})

export const deleteWatchListRoute = createRoute({
  method: 'delete',
  path: '/api/v1/watch-lists/{id}',
  summary: 'Delete a watch list',
  ...access('session'),
  request: { params: idParam },
  responses: { 204: { description: 'Gone' }, ...problemAnswers },
})
