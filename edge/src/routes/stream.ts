// The sockets: `/ws/stream`, and `/ws/quotes/{ticker}` and `/ws/orders`, which are the same with the
// subscription made. What is checked here is the door; the Hub does the rest.

import { Hono, type Context } from 'hono'
import { DomainError } from '@motu/shared/problem.ts'
import { addressGroup, clientAddress } from '../client-address.ts'
import { type AppEnv, hubOf } from '../env.ts'
import { admitAnyone } from '../guard.ts'
import { isOwnOrigin } from '../own-origin.ts'

/** As long as a socket may stay open that says nothing. */
const CROWDED_RETRY_SECONDS = '5'
const TICKER = /^[A-Z]{2,6}-[A-Z]{2,10}-[A-Z0-9.]{1,20}$/

export const stream = new Hono<AppEnv>()

stream.get('/stream', (c) => openSocket(c, null))
stream.get('/orders', (c) => openSocket(c, 'orders'))
stream.get('/quotes/:ticker', (c) => {
  const ticker = c.req.param('ticker')
  if (!TICKER.test(ticker)) throw new DomainError('not-found')
  return openSocket(c, `quotes:${ticker}`)
})

/** Hands the upgrade to the Hub, with the channel the path already asks for. */
async function openSocket(c: Context<AppEnv>, channel: string | null): Promise<Response> {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw new DomainError('invalid-request', { detail: 'This address answers WebSockets only.' })
  }
  if (!isOwnOrigin(c)) throw new DomainError('forbidden', { detail: 'Not from this origin.' })
  admitAnyone(c)
  const url = new URL('http://hub/')
  if (channel !== null) url.searchParams.set('channel', channel)
  url.searchParams.set('group', addressGroup(clientAddress(c)))
  const answer = await hubOf(c.env).fetch(url, { headers: { upgrade: 'websocket' } })
  if (answer.status === 429) throw crowded()
  if (answer.status === 503) {
    throw new DomainError('unavailable', { detail: 'All sockets are taken: try again later.' })
  }
  return answer
}

function crowded(): DomainError {
  const detail = 'Your address has as many sockets open as it may have: close some first.'
  return new DomainError('rate-limited', {
    detail,
    headers: { 'retry-after': CROWDED_RETRY_SECONDS },
  })
}
