// Ways in through an account elsewhere (OpenID Connect): which providers there are, signing in with
// one, linking and unlinking. The browser is sent to the provider and comes back to `callback`.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, problemAnswers } from './answers.ts'

/** Names a provider in paths and rows; chosen by who runs Motu. */
export const PROVIDER_ID = /^[a-z0-9][a-z0-9-]{0,31}$/
const NEXT_LENGTH_MAX = 512
/** State, code and errors are the provider's words: long ones exist, endless ones do not. */
const PARAMETER_LENGTH_MAX = 4_096

/**
 * Whether a text is a path of this site, and of no other: one slash, no backslash (browsers take it
 * for a slash), no blanks or control characters (browsers leave tabs out, and `/\t/x` is `//x`).
 */
export const isLocalPath = (text: string): boolean =>
  text.length <= NEXT_LENGTH_MAX && /^\/(?!\/)[!-[\]-~]*$/.test(text)

const nextSchema = z
  .string()
  .refine(isLocalPath, { error: 'must be a path of this site, such as /portfolio' })
  .openapi({ example: '/portfolio' })

const providerParam = z.object({
  provider: z
    .string()
    .regex(PROVIDER_ID, { error: 'is no provider' })
    .openapi({ example: 'discord' }),
})

export const providersSchema = z
  .object({
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
    /** Whether passkeys work here: the page must come from a secure origin that has a name. */
    passkeys: z.boolean(),
    /** Who may open an account: anyone, or who has the invitation code. */
    registration: z.enum(['open', 'invited']),
  })
  .openapi('Providers')
export type Providers = z.infer<typeof providersSchema>

export const listProvidersRoute = createRoute({
  method: 'get',
  path: '/api/v1/auth/providers',
  summary: 'The ways to sign in besides a password, and who may open an account',
  ...access('anyone'),
  responses: { 200: jsonAnswer(providersSchema, 'The ways in'), ...problemAnswers },
})

/** Where a browser is sent when signing in or linking did not work: `?problem=CODE&provider=ID`. */
export const SIGN_IN_PAGE = '/sign-in'
export const SETTINGS_PAGE = '/settings'

const sentOn = { description: 'Sent on', headers: z.object({ location: z.string() }) }

export const startOidcRoute = createRoute({
  method: 'get',
  path: '/api/v1/auth/oidc/{provider}/start',
  summary: 'Sign in at a provider: a page to open in the browser, not to fetch',
  ...access('anyone'),
  request: { params: providerParam, query: z.object({ next: nextSchema.default('/') }) },
  responses: { 302: sentOn, ...problemAnswers },
})

const parameter = z.string().max(PARAMETER_LENGTH_MAX).optional()

/** Not all of what a provider sends is listed; the rest is looked at, and may be anything. */
export const oidcCallbackRoute = createRoute({
  method: 'get',
  path: '/api/v1/auth/oidc/{provider}/callback',
  summary: 'Where the provider sends the browser back to',
  ...access('anyone'),
  request: {
    params: providerParam,
    query: z.object({ state: parameter, code: parameter, error: parameter, iss: parameter }),
  },
  responses: { 302: sentOn, ...problemAnswers },
})

export const linkSchema = z
  .object({
    /** The page of the provider to open now, in this browser. */
    authorization_url: z.string(),
  })
  .openapi('Link')
export type Link = z.infer<typeof linkSchema>

export const linkOidcRoute = createRoute({
  method: 'post',
  path: '/api/v1/auth/oidc/{provider}/link',
  summary: 'Let an account elsewhere open this one too',
  ...access('session'),
  request: { params: providerParam, query: z.object({ next: nextSchema.default(SETTINGS_PAGE) }) },
  responses: { 200: jsonAnswer(linkSchema, 'Where to go on'), ...problemAnswers },
})

export const identitiesSchema = z
  .object({
    identities: z.array(
      z.object({
        provider: z.string(),
        /** What the account is called there. */
        label: z.string(),
        linked_at: instantText,
      }),
    ),
  })
  .openapi('Identities')
export type Identities = z.infer<typeof identitiesSchema>

export const listIdentitiesRoute = createRoute({
  method: 'get',
  path: '/api/v1/auth/identities',
  summary: 'The accounts elsewhere that open this one',
  ...access('session'),
  responses: { 200: jsonAnswer(identitiesSchema, 'The accounts'), ...problemAnswers },
})

export const unlinkIdentityRoute = createRoute({
  method: 'delete',
  path: '/api/v1/auth/identities/{provider}',
  summary: 'Unlink an account elsewhere; never the last way in',
  ...access('session'),
  request: { params: providerParam },
  responses: { 204: { description: 'Unlinked' }, ...problemAnswers },
})
