// The edge's front door: what every request goes through, and which route answers it.

import { Hono, type MiddlewareHandler } from 'hono'
import { documentRoute } from '@motu/shared/contract/document.ts'
import { aliasOf } from './alias.ts'
import { requestIdOf } from './answer.ts'
import { calledOrigin } from './client-address.ts'
import type { AppEnv } from './env.ts'
import { forwardToHome } from './home.ts'
import { renderError, renderNotFound } from './problem.ts'
import { bot } from './routes/bot.ts'
import { document } from './routes/document.ts'
import { orders } from './routes/orders.ts'
import { problems } from './routes/problems.ts'
import { status } from './routes/status.ts'
import { stream } from './routes/stream.ts'

/** The page's own policy for scripts is in its `<meta>`; these are what only a header can say. */
const PAGE_HEADERS = {
  'content-security-policy':
    "frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}
const HSTS = 'max-age=31536000'

const pageHeaders: MiddlewareHandler<AppEnv> = async function pageHeaders(c, next) {
  await next()
  // An answer of a service binding is immutable until it is copied.
  c.res = new Response(c.res.body, c.res)
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.res.headers.set(name, value)
  c.res.headers.set('x-request-id', requestIdOf(c))
  if (calledOrigin(c).startsWith('https:')) c.res.headers.set('strict-transport-security', HSTS)
}

export const app = new Hono<AppEnv>({ getPath: aliasOf })

app.onError(renderError)
app.notFound(renderNotFound)
app.route('/api/v1/orders', orders)
app.route('/api/v1/status', status)
app.route(documentRoute.path, document)
app.all('/api/v1/*', forwardToHome)
app.all('/api/*', renderNotFound)
app.route('/ws', stream)
app.all('/ws/*', renderNotFound)
app.all('/internal/*', renderNotFound)
app.route('/bot', bot)
app.use(pageHeaders)
app.route('/problems', problems)
app.get('*', (c) => c.env.ASSETS.fetch(c.req.raw))
