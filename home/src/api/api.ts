// The API role: what the edge asks home for. It listens on a private address; no browser talks to it.

import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Principal } from '@motu/shared/contract/access.ts'
import { routeOf } from '@motu/shared/contract/routes.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { bodyLimit } from 'hono/body-limit'
import type { Bus, DenyList, TemplateTexts } from '../bus/bus.ts'
import type { Calendars } from '../calendars.ts'
import type { Config } from '../config.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import type { PostResult } from '../queue/http.ts'
import type { ApiEnv } from './env.ts'
import { Guard, signedByEdge } from './guard.ts'
import { startHousekeeping } from './housekeeping.ts'
import { Passwords } from './passwords.ts'
import { invalidRequest, onError } from './problem.ts'
import { verifyApiKey } from './queries/api-keys.ts'
import { addAccountRoutes } from './routes/account.ts'
import { addAdminRoutes } from './routes/admin.ts'
import { addApiKeyRoutes } from './routes/api-keys.ts'
import { addAuthRoutes } from './routes/auth.ts'
import { addBotRoutes } from './routes/bot.ts'
import { addChannelLinkRoutes } from './routes/channel-links.ts'
import { addCorporateActionRoutes } from './routes/corporate-actions.ts'
import { addCredentialRoutes } from './routes/credentials.ts'
import { addDeadLetterRoutes } from './routes/dead-letters.ts'
import { addDeliveryRoutes } from './routes/deliveries.ts'
import { addInternalRoutes } from './routes/internal.ts'
import { addKeyCallRoutes } from './routes/key-calls.ts'
import { addMarketCalendarRoutes } from './routes/market-calendar.ts'
import { addMarketRoutes } from './routes/market.ts'
import { addMarketDayRoutes } from './routes/market-day.ts'
import { addMessageTemplateRoutes } from './routes/message-templates.ts'
import { addNotificationRoutes } from './routes/notification-settings.ts'
import { addOidcRoutes } from './routes/oidc.ts'
import { addOrderRoutes } from './routes/orders.ts'
import { addPasskeyRoutes } from './routes/passkeys.ts'
import { addPerformanceRoutes } from './routes/performance.ts'
import { addPreferenceRoutes } from './routes/preferences.ts'
import { addPriceAlertRoutes } from './routes/price-alerts.ts'
import { addPushRoutes } from './routes/push.ts'
import { addReferenceRoutes } from './routes/references.ts'
import { addReportRoutes } from './routes/reports.ts'
import { addSessionRoutes } from './routes/sessions.ts'
import { addWatchListRoutes } from './routes/watch-lists.ts'
import { MoverBoard } from './mover-board.ts'
import { PrintBoard } from './print-board.ts'
import { ReferenceBoard } from './reference-board.ts'
import { Revocations } from './revocations.ts'
import { SignInThrottle } from './sign-in-throttle.ts'
import { SignIns } from './sign-ins.ts'
import { Stream } from './stream.ts'
import { openTokens, type Tokens } from './tokens.ts'

/** Two hundred orders of a courier's post are far below this. */
const BODY_BYTES_MAX = 1024 * 1024
const REQUEST_ID_LENGTH_MAX = 64
/** How long a stopping API lets requests in hand go on. */
const STOP_GRACE_MS = 1_000

/** Hands posted messages to the engine of this process; `not_owner` when it does not own them. */
export type CourierPost = (
  partition: number,
  messages: readonly unknown[],
) => Promise<PostResult[] | 'not_owner'>

/** Makes a day's report, unless it was made. */
export type MakeReport = (asked: {
  date: string
  trigger: 'edge'
}) => Promise<{ kind: 'made' | 'already_made' | 'nobody' } | { kind: 'too_early'; waitMs: number }>

export type ApiOptions = {
  config: Config
  sql: Sql
  bus: Bus & DenyList & TemplateTexts
  calendars: Calendars
  now: () => number
  log: Log
  /** Only where orders come over HTTP. */
  courier?: CourierPost
  makeReport?: MakeReport
}

/** What the routes are made of. */
export type ApiParts = ApiOptions & {
  passwords: Passwords
  tokens: Tokens
  guard: Guard
  revocations: Revocations
  signIns: SignIns
  throttle: SignInThrottle
  references: ReferenceBoard
  prints: PrintBoard
  movers: MoverBoard
}

export function createApp(parts: ApiParts): OpenAPIHono<ApiEnv> {
  const { config, log, now, guard } = parts
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error.issues)
    },
  })
  app.onError(onError(log))
  app.notFound((c) => {
    const match = routeOf(c.req.method, c.req.path)
    if (!match || 'route' in match) throw new DomainError('not-found')
    const headers = { allow: match.allow.join(', ') }
    throw new DomainError('method-not-allowed', { headers })
  })
  app.use(async (c, next) => {
    const given = c.req.header('motu-request-id')?.slice(0, REQUEST_ID_LENGTH_MAX)
    c.set('requestId', given ?? randomUUID())
    await next()
  })
  app.get('/internal/health', (c) => c.json({ ok: true, home_ms: now() }))
  const onTooLarge = (): never => {
    throw new DomainError('payload-too-large')
  }
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: onTooLarge }))
  app.use(signedByEdge(config.internalSecret, now))
  guard.protect(app)
  addAuthRoutes(app, parts)
  addSessionRoutes(app, parts)
  addOidcRoutes(app, parts)
  addPasskeyRoutes(app, parts)
  addApiKeyRoutes(app, parts)
  addCredentialRoutes(app, parts)
  addBotRoutes(app, parts)
  addChannelLinkRoutes(app, parts)
  addAdminRoutes(app, parts)
  addAccountRoutes(app, parts)
  addOrderRoutes(app, parts)
  addPerformanceRoutes(app, parts)
  addMarketRoutes(app, parts)
  addMarketDayRoutes(app, parts)
  addReferenceRoutes(app, parts)
  addReportRoutes(app, parts)
  addCorporateActionRoutes(app, parts)
  addMarketCalendarRoutes(app, parts)
  addPreferenceRoutes(app, parts)
  addNotificationRoutes(app, parts)
  addPushRoutes(app, parts)
  addWatchListRoutes(app, parts)
  addPriceAlertRoutes(app, parts)
  addDeadLetterRoutes(app, parts)
  addMessageTemplateRoutes(app, parts)
  addDeliveryRoutes(app, parts)
  addInternalRoutes(app, parts)
  addKeyCallRoutes(app, parts)
  return app
}

export type Api = { port: number; stop(): Promise<void> }

/** Listens; rejects when the port is taken. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { config, sql, bus, now, log } = options
  const tokens = await openTokens(config.signingKeyFile, now, (error) =>
    log.error({ err: error }, 'the signing keys cannot be read again'),
  )
  const revocations = new Revocations({ sql, bus, now, log })
  await revocations.open()
  const keyOwner = async (text: string, address: string): Promise<Principal | null> => {
    const key = await verifyApiKey(sql, text, { address, nowMs: now() })
    return key?.principal ?? null
  }
  const references = new ReferenceBoard()
  const stopReferences = await references.follow(bus)
  const prints = new PrintBoard(options.calendars)
  const stopPrints = await bus.watchMarket((events) => prints.hear(events))
  const guard = new Guard({ tokens, revocations, keyOwner })
  const app = createApp({
    ...options,
    ...{ tokens, guard, revocations, references, prints },
    movers: new MoverBoard(options),
    passwords: new Passwords(),
    throttle: new SignInThrottle(),
    signIns: new SignIns({ config, sql, now, tokens, revocations }),
  })
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = serve(
      { fetch: app.fetch, hostname: config.apiHost, port: config.apiPort },
      () => resolve(listening as Server),
    )
    listening.once('error', reject)
  })
  const stream = new Stream({
    ...{ sql, bus, now, log, revocations },
    secret: config.internalSecret,
  })
  await stream.open(server)
  const stopHousekeeping = startHousekeeping({ sql, now, log })
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      stopHousekeeping()
      await stopReferences()
      await stopPrints()
      await stream.close()
      await revocations.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        // Whoever still waits for an answer has waited long enough.
        setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
      })
    },
  }
}
