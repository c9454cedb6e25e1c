// The KIS accounts market data is read with: a list in JSON, as who runs Motu wrote it.
//
//   [{ "name": "first", "app_key": "…", "app_secret": "…", "kind": "real" },
//    { "name": "second", "app_key": "…", "app_secret_file": "/run/secrets/kis", "kind": "mock" }]
//
// `rest_url` and `ws_url` lead to another server: a test's.

import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type KisAccount = {
  /** What logs call it. */
  name: string
  appKey: string
  appSecret: string
  kind: 'real' | 'mock'
  /** No slash at their ends. */
  restUrl: string
  wsUrl: string
}

/** Every account brings 41 registrations; nobody has more accounts than these. */
const ACCOUNTS_MAX = 20

/** Production, and the mock trading service (VTS). The WebSocket is plain: KIS has no other. */
const ADDRESSES: Readonly<Record<KisAccount['kind'], { restUrl: string; wsUrl: string }>> = {
  real: {
    restUrl: 'https://openapi.koreainvestment.com:9443',
    wsUrl: 'ws://ops.koreainvestment.com:21000',
  },
  mock: {
    restUrl: 'https://openapivts.koreainvestment.com:29443',
    wsUrl: 'ws://ops.koreainvestment.com:31000',
  },
}

const accountSchema = z.strictObject({
  name: z.string().regex(/^[\w-]{1,40}$/),
  app_key: z.string().min(1),
  app_secret: z.string().min(1).optional(),
  app_secret_file: z.string().min(1).optional(),
  kind: z.enum(['real', 'mock']),
  rest_url: z.url({ protocol: /^https?$/ }).optional(),
  ws_url: z.url({ protocol: /^wss?$/ }).optional(),
})
type Given = z.infer<typeof accountSchema>

/** Reads the list; a senseless entry is an error that says which, and never says a key. */
export function readKisSettings(text: string): KisAccount[] {
  const parsed = z.array(accountSchema).max(ACCOUNTS_MAX).safeParse(jsonOf(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`MOTU_KIS_ACCOUNTS: ${issue!.path.join('.')}: ${issue!.message}`)
  }
  const accounts = parsed.data.map(accountOf)
  for (const member of ['name', 'appKey'] as const) {
    if (new Set(accounts.map((account) => account[member])).size < accounts.length) {
      throw new Error(`MOTU_KIS_ACCOUNTS: two accounts have one ${member}`)
    }
  }
  return accounts
}

/** What nobody may read in a log. */
export function kisSecretsOf(accounts: readonly KisAccount[]): string[] {
  return accounts.flatMap(({ appKey, appSecret }) => [appKey, appSecret])
}

function accountOf(given: Given): KisAccount {
  const { name, kind, app_key: appKey, app_secret: secret, app_secret_file: file } = given
  const appSecret = secret ?? (file ? readFileSync(file, 'utf8').trim() : '')
  if (appSecret === '') throw new Error(`MOTU_KIS_ACCOUNTS: ${name} has no app_secret`)
  const { restUrl, wsUrl } = ADDRESSES[kind]
  return {
    ...{ name, appKey, appSecret, kind },
    restUrl: withoutSlash(given.rest_url ?? restUrl),
    wsUrl: withoutSlash(given.ws_url ?? wsUrl),
  }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, and the text holds secrets.
    throw new Error('MOTU_KIS_ACCOUNTS is not JSON')
  }
}
