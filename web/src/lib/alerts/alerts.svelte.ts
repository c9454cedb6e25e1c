// The price alerts of a user: what he waits for, what he was told. One that is told now comes over
// the socket; what was told meanwhile is fetched.

import type { NewAlert, PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'
import { Resource } from '#lib/resource.svelte.ts'

const PATH = '/api/v1/price-alerts'
/** Of more than these nobody remembers that they were said. */
const SAID_MAX = 200

export class Alerts extends Resource<readonly PriceAlert[]> {
  readonly #api: Pick<Api, 'signed'>
  readonly #onTold: (alert: PriceAlert) => void

  #said: readonly string[] = []

  readonly waiting = $derived(this.data?.filter(({ told_at }) => told_at === null) ?? [])
  readonly told = $derived(this.data?.filter(({ told_at }) => told_at !== null) ?? [])

  constructor(options: { api: Pick<Api, 'signed'>; onTold: (alert: PriceAlert) => void }) {
    const { api } = options
    super(async () => {
      const answer = await api.signed<{ alerts: PriceAlert[] }>({ method: 'GET', path: PATH })
      return answer.ok ? { ...answer, data: answer.data.alerts } : answer
    })
    this.#api = api
    this.#onTold = options.onTold
  }

  waitingFor(tickerId: TickerId): PriceAlert[] {
    return this.waiting.filter(({ ticker_id }) => ticker_id === tickerId)
  }

  /** Under an id of the caller's, so that a repeated request makes one alert. */
  async add(alertId: string, alert: NewAlert): Promise<Answer<PriceAlert>> {
    const answer = await this.#api.signed<PriceAlert>({
      ...{ method: 'PUT', path: `${PATH}/${alertId}`, body: alert },
    })
    if (answer.ok) this.#take(answer.data)
    return answer
  }

  /** Gone at once; back again when home refuses. */
  async remove(alertId: string): Promise<Answer<undefined>> {
    this.data = this.data?.filter(({ alert_id }) => alert_id !== alertId) ?? null
    const path = `${PATH}/${alertId}`
    const answer = await this.#api.signed<undefined>({ method: 'DELETE', path })
    if (!answer.ok) await this.load()
    return answer
  }

  /** The socket was away: what was told meanwhile is said now. */
  async catchUp(): Promise<void> {
    const waited = this.waiting.map(({ alert_id }) => alert_id)
    await this.load()
    for (const alert of this.told) if (waited.includes(alert.alert_id)) this.#say(alert)
  }

  /** Told just now, over the socket. */
  hear(alert: PriceAlert): void {
    const known = this.data?.find(({ alert_id }) => alert_id === alert.alert_id)
    this.#take(alert)
    if (!known || known.told_at === null) this.#say(alert)
  }

  /** Once: the socket and the list may both bring it. */
  #say(alert: PriceAlert): void {
    const key = `${alert.alert_id} ${alert.told_at}`
    if (this.#said.includes(key)) return
    this.#said = [...this.#said, key].slice(-SAID_MAX)
    this.#onTold(alert)
  }

  #take(alert: PriceAlert): void {
    const others = this.data?.filter(({ alert_id }) => alert_id !== alert.alert_id) ?? []
    const list = [alert, ...others]
    this.data = list.sort((a, b) => Date.parse(momentOf(b)) - Date.parse(momentOf(a)))
  }
}

function momentOf({ told_at, created_at }: PriceAlert): string {
  return told_at ?? created_at
}
