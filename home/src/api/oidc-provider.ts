// One OIDC provider: where to send a browser, and what it brought back. The protocol is the
// library's: state, nonce, PKCE, the issuer, the ID token with its signature.

import { DomainError } from '@motu/shared/problem.ts'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
} from 'openid-client'
import type { Log } from '../log.ts'
import { isLoopback, type OidcSettings } from '../oidc-settings.ts'

/** Of each call to a provider; a browser waits at the other end. */
const CALL_TIMEOUT_SECONDS = 4
/** Endpoints move rarely. */
const DISCOVERY_AGE_MS_MAX = 60 * 60_000
/** The provider's own words for who somebody is: the one a user chose for himself comes first. */
const NAME_CLAIMS = ['preferred_username', 'nickname', 'name'] as const

/** OpenID Connect Core, 2: ASCII, at most 255. */
const SUBJECT = /^[ -~]{1,255}$/

/** What one visit to the provider must come back with. */
export type OidcVisit = {
  redirectUri: string
  state: string
  verifier: string
  /** Null where none is sent. */
  nonce: string | null
}

/** Somebody's account at the provider. `names` may ask the provider once more. */
export type OidcAccount = { subject: string; names(): Promise<string[]> }

export class OidcProvider {
  readonly settings: OidcSettings
  readonly #now: () => number
  readonly #log: Log
  #discovered: { atMs: number; configuration: Promise<Configuration> } | null = null

  constructor(settings: OidcSettings, { now, log }: { now: () => number; log: Log }) {
    this.settings = settings
    this.#now = now
    this.#log = log
  }

  /** The provider's page that asks the user. */
  authorizationUrl({ redirectUri, state, verifier, nonce }: OidcVisit): Promise<URL> {
    return this.#asking(async (configuration) =>
      buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: this.settings.scope,
        state,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(nonce === null ? {} : { nonce }),
      }),
    )
  }

  /** Exchanges the code of a visit for who it was; `search` is the query the browser came with. */
  redeem(visit: OidcVisit, search: string): Promise<OidcAccount> {
    return this.#asking(async (configuration) => {
      const tokens = await authorizationCodeGrant(
        configuration,
        new URL(visit.redirectUri + search),
        {
          expectedState: visit.state,
          pkceCodeVerifier: visit.verifier,
          idTokenExpected: true,
          ...(visit.nonce === null ? {} : { expectedNonce: visit.nonce }),
        },
      )
      const claims = tokens.claims()!
      if (!SUBJECT.test(claims.sub)) throw new DomainError('sign-in-refused')
      const names = async (): Promise<string[]> => {
        const told = namesIn(claims)
        const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined
        if (told.length > 0 || !hasMore) return told
        return namesIn(await fetchUserInfo(configuration, tokens.access_token, claims.sub))
      }
      return { subject: claims.sub, names: () => this.#asking(names) }
    })
  }

  /** A provider that is away is no fault of the caller's; one that says no is no fault of ours. */
  async #asking<T>(ask: (configuration: Configuration) => Promise<T>): Promise<T> {
    try {
      return await ask(await this.#configuration())
    } catch (error) {
      const { message, code } = error as { message?: string; code?: string }
      const isAway = isProviderAway(error)
      // Only its words: what else such an error carries may be a token.
      this.#log.warn(
        { provider: this.settings.id, isAway, code, reason: message },
        'no OIDC answer',
      )
      if (!isAway) throw new DomainError('sign-in-refused')
      throw new DomainError('unavailable', {
        detail: `${this.settings.name} cannot be reached. Try again soon.`,
      })
    }
  }

  #configuration(): Promise<Configuration> {
    const nowMs = this.#now()
    if (this.#discovered && nowMs - this.#discovered.atMs < DISCOVERY_AGE_MS_MAX) {
      return this.#discovered.configuration
    }
    const configuration = this.#discover()
    this.#discovered = { atMs: nowMs, configuration }
    // Who asks while it runs shares it; a failure is forgotten.
    configuration.catch(() => {
      if (this.#discovered?.configuration === configuration) this.#discovered = null
    })
    return configuration
  }

  #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings
    return discovery(issuer, clientId, undefined, clientAuth(clientSecret), {
      timeout: CALL_TIMEOUT_SECONDS,
      execute: [enableNonRepudiationChecks, ...(isLoopback(issuer) ? [allowInsecureRequests] : [])],
    })
  }
}

/** The way of proving ourselves that the provider takes; the one every provider knows if it is silent. */
function clientAuth(secret: string | null): ClientAuth {
  if (secret === null) return None()
  const basic = ClientSecretBasic(secret)
  const post = ClientSecretPost(secret)
  return function clientAuth(server, ...rest) {
    const supported = server.token_endpoint_auth_methods_supported
    const isBasic = supported?.includes('client_secret_basic') ?? true
    return isBasic ? basic(server, ...rest) : post(server, ...rest)
  }
}

const namesIn = (claims: Readonly<Record<string, unknown>>): string[] =>
  NAME_CLAIMS.flatMap((name) => {
    const value = claims[name]
    return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []
  })

/** `fetch` throws TypeErrors for lines that are down; the library names what came back unreadable. */
const AWAY_CODES = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
])

function isProviderAway(error: unknown): boolean {
  const { code, status } = error as { code?: string; status?: number }
  const isFailing = status !== undefined && status >= 500
  return error instanceof TypeError || isFailing || (code !== undefined && AWAY_CODES.has(code))
}
