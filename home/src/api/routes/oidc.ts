// Signing in at a provider, linking its account, unlinking it. Browsers navigate here: who does not
// get in is sent to a page that says why.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  linkOidcRoute,
  listIdentitiesRoute,
  listProvidersRoute,
  oidcCallbackRoute,
  SETTINGS_PAGE,
  SIGN_IN_PAGE,
  startOidcRoute,
  unlinkIdentityRoute,
} from '@motu/shared/contract/oidc.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { registrationOf } from '../invitation.ts'
import { enter, link } from '../oidc-accounts.ts'
import { OidcProvider } from '../oidc-provider.ts'
import { type FinishedVisit, OidcVisits } from '../oidc-visits.ts'
import { canHavePasskeys, publicOriginOf } from '../public-origin.ts'
import { deleteIdentity, listIdentities } from '../queries/oidc.ts'
import { signInElsewhere, sidOf } from '../sign-in-elsewhere.ts'

/** Where a browser goes next, and what becomes of it on the way. */
type Page = { path: string; provider: string; next?: string }

export function addOidcRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { config } = parts
  const visits = new OidcVisits(parts)
  const providers = new Map(
    config.oidcProviders.map((settings) => [settings.id, new OidcProvider(settings, parts)]),
  )

  function providerOf(id: string): OidcProvider {
    const provider = providers.get(id)
    if (!provider) throw new DomainError('not-found', { detail: 'There is no such provider.' })
    return provider
  }

  app.openapi(listProvidersRoute, (c) => {
    const passkeys = canHavePasskeys(publicOriginOf(c, config))
    const list = config.oidcProviders.map(({ id, name }) => ({ id, name }))
    return c.json({ providers: list, passkeys, registration: registrationOf(config) }, 200)
  })

  app.openapi(startOidcRoute, async (c) => {
    const { next } = c.req.valid('query')
    const provider = providerOf(c.req.valid('param').provider)
    const page = { path: SIGN_IN_PAGE, provider: provider.settings.id, next }
    const to = await orPage(page, async () => {
      const url = await visits.begin(c, { provider, origin: publicOriginOf(c, config), next })
      return url.href
    })
    return c.redirect(to, 302)
  })

  app.openapi(linkOidcRoute, async (c) => {
    const provider = providerOf(c.req.valid('param').provider)
    const { next } = c.req.valid('query')
    const linker = { userId: c.get('principal').userId, sid: sidOf(c) }
    const url = await visits.begin(c, {
      ...{ provider, origin: publicOriginOf(c, config), next, linker },
    })
    return c.json({ authorization_url: url.href }, 200)
  })

  app.openapi(oidcCallbackRoute, async (c) => {
    const provider = providerOf(c.req.valid('param').provider)
    const { id } = provider.settings
    c.header('cache-control', 'no-store')
    // The code is in this page's address: it is told to nobody.
    c.header('referrer-policy', 'no-referrer')
    const visit = await visits.finish(c, provider)
    if (!visit) {
      const error = new DomainError('sign-in-refused')
      return c.redirect(pageOf({ path: SIGN_IN_PAGE, provider: id }, error), 302)
    }
    const { linker, next } = visit
    const page = linker
      ? { path: SETTINGS_PAGE, provider: id }
      : { path: SIGN_IN_PAGE, provider: id, next }
    const to = await orPage(page, async () => {
      await letIn(c, parts, { visit, provider: id })
      return next
    })
    return c.redirect(to, 302)
  })

  addIdentityRoutes(app, parts, [...providers.keys()])
}

/** Links the account a visit brought, or opens a sign-in with it. */
async function letIn(
  c: Context<ApiEnv>,
  parts: ApiParts,
  { visit, provider }: { visit: FinishedVisit; provider: string },
): Promise<void> {
  try {
    const came = { provider, account: await visit.account(), actor: actorOf(c) }
    if (visit.linker) return await link(parts, visit.linker, came)
    const userId = await enter(parts, came)
    await signInElsewhere(c, parts, { userId, method: `oidc:${provider}`, asCookie: true })
  } catch (error) {
    await noteRefused(c, parts, { provider, error })
    throw error
  }
}

/** Writes down who came from a provider and was not let in; one that is away has refused nobody. */
async function noteRefused(
  c: Context<ApiEnv>,
  { sql, now }: ApiParts,
  { provider, error }: { provider: string; error: unknown },
): Promise<void> {
  if (!(error instanceof DomainError) || error.code === 'unavailable') return
  const detail = { method: `oidc:${provider}`, code: error.code }
  await audit(sql, { action: 'sign_in_refused', ...actorOf(c), detail }, now())
}

function addIdentityRoutes(
  app: OpenAPIHono<ApiEnv>,
  { sql, now }: ApiParts,
  providers: readonly string[],
): void {
  app.openapi(listIdentitiesRoute, async (c) =>
    c.json(await listIdentities(sql, c.get('principal').userId), 200),
  )

  app.openapi(unlinkIdentityRoute, async (c) => {
    const { provider } = c.req.valid('param')
    const { userId } = c.get('principal')
    await sql.begin(async (tx) => {
      await deleteIdentity(tx, { userId, provider }, providers)
      const entry = { action: 'identity_unlinked', ...actorOf(c), detail: { provider } } as const
      await audit(tx, { ...entry, target: `user:${userId}` }, now())
    })
    return c.body(null, 204)
  })
}

/** Where the work leads; when it is refused, the page that says so. */
async function orPage(page: Page, work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError) return pageOf(page, error)
    throw error
  }
}

function pageOf({ path, provider, next }: Page, { code }: DomainError): string {
  const query = new URLSearchParams({ problem: code, provider, ...(next ? { next } : {}) })
  return `${path}?${query.toString()}`
}
