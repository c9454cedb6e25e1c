// Keys of real exchanges. They go in and are never shown again.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

export const EXCHANGES = ['upbit', 'binance', 'okx', 'bybit', 'bitget', 'kis'] as const
export type Exchange = (typeof EXCHANGES)[number]

const secret = z.string().min(1).max(512)

export const putCredentialsSchema = z
  .strictObject({
    api_key: secret,
    api_secret: secret,
    /** What OKX and Bitget ask for besides, or the account number of KIS. */
    passphrase: secret.optional(),
  })
  .openapi('NewExchangeCredentials')
export type ExchangeSecrets = z.infer<typeof putCredentialsSchema>

export const credentialsSchema = z
  .object({
    exchange: z.enum(EXCHANGES),
    created_at: instantText,
    updated_at: instantText,
  })
  .openapi('ExchangeCredentials')
export type ExchangeCredentials = z.infer<typeof credentialsSchema>

export const credentialsListSchema = z
  .object({ credentials: z.array(credentialsSchema) })
  .openapi('ExchangeCredentialsList')

const exchangeParams = z.object({ exchange: z.enum(EXCHANGES) })

export const listCredentialsRoute = createRoute({
  method: 'get',
  path: '/api/v1/exchange-credentials',
  summary: 'The exchanges you left keys of; never the keys',
  ...access('session'),
  responses: { 200: jsonAnswer(credentialsListSchema, 'The exchanges'), ...problemAnswers },
})

export const getCredentialsRoute = createRoute({
  method: 'get',
  path: '/api/v1/exchange-credentials/{exchange}',
  summary: 'Since when keys of an exchange are kept',
  ...access('session'),
  request: { params: exchangeParams },
  responses: { 200: jsonAnswer(credentialsSchema, 'They are kept'), ...problemAnswers },
})

export const putCredentialsRoute = createRoute({
  method: 'put',
  path: '/api/v1/exchange-credentials/{exchange}',
  summary: 'Leave the keys of an exchange, encrypted; those before them are gone',
  ...access('session'),
  request: { params: exchangeParams, body: jsonBody(putCredentialsSchema) },
  responses: { 200: jsonAnswer(credentialsSchema, 'They are kept'), ...problemAnswers },
})

export const deleteCredentialsRoute = createRoute({
  method: 'delete',
  path: '/api/v1/exchange-credentials/{exchange}',
  summary: 'Forget the keys of an exchange',
  ...access('session'),
  request: { params: exchangeParams },
  responses: { 204: { description: 'Forgotten' }, ...problemAnswers },
})
