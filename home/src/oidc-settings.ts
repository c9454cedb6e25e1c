// The OIDC providers one can sign in with: a list in JSON, as who runs Motu wrote it.
//
//   [{ "id": "discord", "client_id": "…", "client_secret": "…" },
//    { "id": "work", "name": "Work", "issuer": "https://id.example", "client_id": "…",
//      "client_secret_file": "/run/secrets/work", "scopes": ["openid", "profile"] }]

import { readFileSync } from 'node:fs'
import { PROVIDER_ID } from '@motu/shared/contract/oidc.ts'
import { z } from 'zod'

export type OidcSettings = {
  id: string
  /** What its button says. */
  name: string
  issuer: URL
  clientId: string
  /** Null: a public client, which PKCE alone protects. */
  clientSecret: string | null
  scope: string
  /** Whether a nonce is sent, and asked for in the ID token. */
  nonce: boolean
}

const settingsSchema = z.strictObject({
  id: z.string().regex(PROVIDER_ID),
  name: z.string().min(1).max(40).optional(),
  issuer: z.url({ protocol: /^https?$/ }).optional(),
  client_id: z.string().min(1),
  client_secret: z.string().min(1).optional(),
  client_secret_file: z.string().min(1).optional(),
  scopes: z.array(z.string().regex(/^[!#-[\]-~]+$/)).optional(),
  nonce: z.boolean().optional(),
})
type Given = z.infer<typeof settingsSchema>

/**
 * What an entry with this id need not say. Discord documents no nonce in its ID tokens, and a
 * library that sent one would refuse a token without: PKCE guards the code there (RFC 9700, 2.1.1).
 */
const PRESETS: Readonly<Record<string, Partial<Given>>> = {
  discord: {
    name: 'Discord',
    issuer: 'https://discord.com',
    scopes: ['openid', 'identify'],
    nonce: false,
  },
}
const DEFAULT_SCOPES = ['openid', 'profile']

/** Reads the list; a senseless entry is an error that says which, and never says the secret. */
export function readOidcSettings(text: string): OidcSettings[] {
  const parsed = z.array(settingsSchema).safeParse(jsonOf(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`MOTU_OIDC_PROVIDERS: ${issue!.path.join('.')}: ${issue!.message}`)
  }
  const providers = parsed.data.map((given) => settingsOf({ ...PRESETS[given.id], ...given }))
  if (new Set(providers.map(({ id }) => id)).size < providers.length) {
    throw new Error('MOTU_OIDC_PROVIDERS: two providers have one id')
  }
  return providers
}

function settingsOf(given: Given): OidcSettings {
  const { id, name = id, scopes = DEFAULT_SCOPES, client_secret_file: file } = given
  if (!given.issuer) throw new Error(`MOTU_OIDC_PROVIDERS: ${id} has no issuer`)
  const issuer = new URL(given.issuer)
  if (issuer.protocol === 'http:' && !isLoopback(issuer)) {
    throw new Error(`MOTU_OIDC_PROVIDERS: the issuer of ${id} must be https`)
  }
  return {
    ...{ id, name, issuer, clientId: given.client_id },
    clientSecret: given.client_secret ?? (file ? readFileSync(file, 'utf8').trim() : null),
    scope: [...new Set(['openid', ...scopes])].join(' '),
    nonce: given.nonce ?? true,
  }
}

/** Whether a plain-text connection to it stays on this machine. */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, and the text holds secrets.
    throw new Error('MOTU_OIDC_PROVIDERS is not JSON')
  }
}
