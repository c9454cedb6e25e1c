// Visits to a provider: a browser is sent there with a question only it can bring back.
//
//   begin ── to the provider ── and back with its answer ──► finish, once, within ten minutes
//
// The browser is bound by a cookie: a link somebody else began is worth nothing in this browser.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Sql } from '../db/connect.ts'
import type { ApiEnv } from './env.ts'
import type { OidcAccount, OidcProvider, OidcVisit } from './oidc-provider.ts'
import { insertChallenge, takeChallenge } from './queries/challenges.ts'

const COOKIE = '__Secure-motu_oidc'
const COOKIE_PATH = '/api/v1/auth/oidc'
const LIFETIME_MS = 10 * 60_000
/** As long as the text of 32 random bytes. */
const SECRET = /^[\w-]{43}$/

/** Who asked to link the account: the user and the sign-in he asked from. */
export type Linker = { userId: string; sid: string }
type Begin = { provider: OidcProvider; origin: string; next: string; linker?: Linker }

/** What the row of a visit holds. */
type VisitDetail = OidcVisit & {
  provider: string
  browserSha256: string
  next: string
  sid: string | null
}

export type FinishedVisit = {
  next: string
  linker: Linker | null
  /** Asks the provider who it was. */
  account(): Promise<OidcAccount>
}

export class OidcVisits {
  readonly #sql: Sql
  readonly #now: () => number

  constructor({ sql, now }: { sql: Sql; now: () => number }) {
    this.#sql = sql
    this.#now = now
  }

  /** Answers the provider's page; the answer to `c` binds the browser. */
  async begin(c: Context<ApiEnv>, { provider, origin, next, linker }: Begin): Promise<URL> {
    const { id, nonce } = provider.settings
    const visit: OidcVisit = {
      redirectUri: `${origin}/api/v1/auth/oidc/${id}/callback`,
      state: newSecret(),
      verifier: newSecret(),
      nonce: nonce ? newSecret() : null,
    }
    // The provider is asked first: one that is away leaves nothing behind.
    const url = await provider.authorizationUrl(visit)
    const browser = browserOf(c) ?? newSecret()
    const { state, ...kept } = visit
    await insertChallenge(
      this.#sql,
      {
        ...{ kind: 'oidc', secret: state, lifetimeMs: LIFETIME_MS },
        ...(linker ? { userId: linker.userId } : {}),
        detail: {
          ...{ ...kept, provider: id, next },
          ...{ browserSha256: sha256(browser).toString('hex'), sid: linker?.sid ?? null },
        },
      },
      this.#now(),
    )
    // `Lax`: the provider sends the browser back from another site.
    setCookie(c, COOKIE, browser, {
      ...{ path: COOKIE_PATH, httpOnly: true, secure: true, sameSite: 'Lax' },
      maxAge: LIFETIME_MS / 1_000,
    })
    return url
  }

  /** The visit this browser comes back from; null when it never began, or is over. */
  async finish(c: Context<ApiEnv>, provider: OidcProvider): Promise<FinishedVisit | null> {
    const { search, searchParams } = new URL(c.req.url)
    const state = searchParams.get('state') ?? ''
    const browser = browserOf(c)
    if (!SECRET.test(state) || browser === null) return null
    const question = { kind: 'oidc', secret: state } as const
    const challenge = await takeChallenge<Omit<VisitDetail, 'state'>>(
      this.#sql,
      question,
      this.#now(),
    )
    if (!challenge) return null
    const { detail, userId } = challenge
    const isSame = timingSafeEqual(sha256(browser), Buffer.from(detail.browserSha256, 'hex'))
    if (!isSame || detail.provider !== provider.settings.id) return null
    return {
      next: detail.next,
      linker: userId !== null && detail.sid !== null ? { userId, sid: detail.sid } : null,
      account: () => provider.redeem({ ...detail, state }, search),
    }
  }
}

const newSecret = (): string => randomBytes(32).toString('base64url')
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The browser's secret; kept over several visits, so that two tabs can be under way at once. */
function browserOf(c: Context<ApiEnv>): string | null {
  const browser = getCookie(c, COOKIE)
  return browser !== undefined && SECRET.test(browser) ? browser : null
}
