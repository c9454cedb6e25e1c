// A KIS on this machine: tokens, calls and sessions as documented, and its faults when told to.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KisAccount } from '../../../src/feeder/kis/kis-settings.ts'
import { KisLines } from './kis-lines.ts'
import { bookRows, priceRow, SAMSUNG, type Stock, usBookRows, usPriceRow } from './kis-quotes.ts'

export type Fault =
  /** Refused as KIS does it: a status, and the code in a body. */
  | { status: number; code: string }
  | { status: number; text: string }
  /** Neither an answer nor an end. */
  | 'silence'

type Reply = { status: number; body: unknown; headers?: Record<string, string> }

const DOMESTIC = '/uapi/domestic-stock/v1/quotations/'
const OVERSEAS = '/uapi/overseas-price/v1/quotations/'
export const PRICE = `${DOMESTIC}inquire-price`
export const BOOK = `${DOMESTIC}inquire-asking-price-exp-ccn`
export const DAILY = `${DOMESTIC}inquire-daily-itemchartprice`
export const MINUTES = `${DOMESTIC}inquire-time-itemchartprice`
export const US_PRICE = `${OVERSEAS}price`
export const US_DETAIL = `${OVERSEAS}price-detail`
export const US_BOOK = `${OVERSEAS}inquire-asking-price`
export const US_DAILY = `${OVERSEAS}dailyprice`
export const US_MINUTES = `${OVERSEAS}inquire-time-itemchartprice`
export const RATES = `${OVERSEAS}inquire-daily-chartprice`
export const TOKEN = '/oauth2/tokenP'
export const APPROVAL = '/oauth2/Approval'

export type Call = { path: string; query: URLSearchParams; headers: IncomingMessage['headers'] }

export class KisServer {
  readonly lines = new KisLines()
  readonly stocks = new Map<string, Stock>([['005930', SAMSUNG]])
  /** What is answered instead, one after another, by path; the last of `forever` stays. */
  readonly faults = new Map<string, Fault[]>()
  /** Answers of charts, by path. */
  readonly charts = new Map<string, (query: URLSearchParams, call: Call) => Reply>()
  readonly calls: Call[] = []
  /** Tokens given out, the newest last; `expire` makes KIS forget them. */
  readonly tokens: string[] = []
  tokenSeconds = 86_400
  /** One token in so many ms; KIS: 60,000. */
  tokenIntervalMs = 0
  /** Calls of one key in `rateWindowMs`; more are refused. */
  callsMax = Infinity
  rateWindowMs = 1_000
  usdKrw: string | null = '1402.35'
  /** Seoul's time of day, in the answers. */
  time = '103000'
  #askedAt = -Infinity
  readonly #forgotten = new Set<string>()
  readonly #recent = new Map<string, number[]>()
  readonly #server = createServer((request, response) => {
    void this.#serve(request, response)
  })
  #port = 0

  async start(): Promise<void> {
    this.lines.attach(this.#server)
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.lines.drop()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  account(name = 'first', kind: KisAccount['kind'] = 'real'): KisAccount {
    return {
      ...{ name, kind, appKey: `PSkey-${name}`, appSecret: `secret-of-${name}` },
      restUrl: `http://127.0.0.1:${this.#port}`,
      wsUrl: `ws://127.0.0.1:${this.#port}`,
    }
  }

  count(path: string): number {
    return this.calls.filter((call) => call.path === path).length
  }

  /** KIS forgets all tokens it gave. */
  expireTokens(): void {
    for (const token of this.tokens) this.#forgotten.add(token)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const url = new URL(request.url!, 'http://kis')
    const call = { path: url.pathname, query: url.searchParams, headers: request.headers }
    this.calls.push(call)
    const fault = this.faults.get(url.pathname)?.shift()
    if (fault === 'silence') return
    const reply = fault ? faulty(fault) : this.#reply(call, text)
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }

  #reply(call: Call, text: string): Reply {
    if (call.path === TOKEN) return this.#token(JSON.parse(text) as Record<string, string>)
    if (call.path === APPROVAL) return this.#approval(JSON.parse(text) as Record<string, string>)
    const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1]
    if (!token || !this.tokens.includes(token)) return refused('EGW00121')
    if (this.#forgotten.has(token)) return refused('EGW00123')
    if (!this.#isPaced(String(call.headers.appkey))) return refused('EGW00201')
    const chart = this.charts.get(call.path)
    if (chart) return chart(call.query, call)
    return this.#quote(call)
  }

  #quote({ path, query }: Call): Reply {
    const symbol = query.get('FID_INPUT_ISCD') ?? query.get('SYMB') ?? ''
    if (path === RATES) {
      return this.usdKrw === null ? refused('OPSQ2001') : ok({ output1: this.#rate(), output2: [] })
    }
    const stock = this.stocks.get(symbol)
    const isThere = stock && (!query.has('EXCD') || stock.exchange === query.get('EXCD'))
    switch (path) {
      case PRICE:
        return isThere ? ok({ output: priceRow(stock) }) : refused('OPSQ2001')
      case BOOK:
        return isThere ? ok(bookRows(stock, this.time)) : refused('OPSQ2001')
      case US_PRICE:
      case US_DETAIL:
        // A symbol of another exchange is no error: its fields are empty.
        return ok({ output: isThere ? usPriceRow(symbol, stock) : { rsym: '', last: '' } })
      case US_BOOK:
        return ok(isThere ? usBookRows(symbol, stock) : { output1: { last: '' }, output2: {} })
      default:
        return { status: 404, body: 'not found' }
    }
  }

  #rate(): Record<string, string> {
    return { ovrs_nmix_prpr: this.usdKrw!, ovrs_nmix_prdy_clpr: '1400.00', hts_kor_isnm: 'USD' }
  }

  #token(body: Record<string, string>): Reply {
    if (body.appsecret !== `secret-of-${body.appkey?.slice(6)}`) {
      return { status: 403, body: { error_code: 'EGW00105', error_description: '유효하지 않은' } }
    }
    const nowMs = Date.now()
    if (nowMs - this.#askedAt < this.tokenIntervalMs) {
      const body = { error_code: 'EGW00133', error_description: '접근토큰 발급 잠시 후' }
      return { status: 403, body }
    }
    this.#askedAt = nowMs
    const token = `token-${this.tokens.length + 1}`
    this.tokens.push(token)
    return {
      status: 200,
      body: { access_token: token, token_type: 'Bearer', expires_in: this.tokenSeconds },
    }
  }

  #approval(body: Record<string, string>): Reply {
    // `appsecret` is not what it is called here.
    if (body.secretkey !== `secret-of-${body.appkey?.slice(6)}`) {
      return { status: 403, body: { error_code: 'EGW00104', error_description: 'secretkey' } }
    }
    const key = `approval-${this.lines.approvals.size + 1}`
    this.lines.approvals.set(key, body.appkey!)
    return { status: 200, body: { approval_key: key } }
  }

  #isPaced(appKey: string): boolean {
    const nowMs = Date.now()
    const recent = (this.#recent.get(appKey) ?? []).filter((ms) => nowMs - ms < this.rateWindowMs)
    if (recent.length >= this.callsMax) return false
    this.#recent.set(appKey, [...recent, nowMs])
    return true
  }
}

export const ok = (output: Record<string, unknown>, headers?: Record<string, string>): Reply => ({
  status: 200,
  body: { rt_cd: '0', msg_cd: 'MCA00000', msg1: '정상처리 되었습니다.', ...output },
  ...(headers && { headers }),
})

/** As in practice: the HTTP status is 500, and the code tells what is the matter. */
const refused = (code: string): Reply => ({
  status: 500,
  body: { rt_cd: '1', msg_cd: code, msg1: 'refused' },
})

function faulty(fault: Exclude<Fault, 'silence'>): Reply {
  if ('text' in fault) return { status: fault.status, body: fault.text }
  const body = { rt_cd: '1', msg_cd: fault.code, error_code: fault.code, msg1: 'refused' }
  return { status: fault.status, body }
}
