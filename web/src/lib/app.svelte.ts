// The composition root of the page: makes the parts, joins them, and owns clock, timers and chance.

import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { createContext } from 'svelte'
import { Alerts } from './alerts/alerts.svelte.ts'
import { Api } from './api.ts'
import { Clock } from './clock.svelte.ts'
import { Http } from './http.ts'
import { Live, type Socket } from './live.svelte.ts'
import { DayCurves } from './market/day-curves.svelte.ts'
import { Listings } from './market/listings.svelte.ts'
import { MarketApi } from './market/market-api.ts'
import { Notices } from './notices.svelte.ts'
import * as m from './paraglide/messages.js'
import { PreferenceSync } from './preference-sync.ts'
import { Preferences } from './preferences.svelte.ts'
import { failureText } from './problems.ts'
import { Finder } from './search/finder.svelte.ts'
import { Session } from './session.svelte.ts'
import { AppUpdates } from './shell/app-updates.ts'
import { System } from './system.svelte.ts'
import { openTabs } from './tabs.ts'
import { type OrderChange, Orders } from './trade/orders.svelte.ts'
import { Portfolio } from './trade/portfolio.svelte.ts'
import { Quotes } from './trade/quotes.svelte.ts'
import { RememberedOrders } from './trade/remembered-orders.ts'
import { Toasts } from './ui/toasts.svelte.ts'
import { WatchLists } from './watch/watch-lists.svelte.ts'

const CLOCK_TICK_MS = 1_000
/** The app's own files are kept for offline only when the first page is done. */
const WORKER_AFTER_MS = 5_000
const UPDATE_CHECK_INTERVAL_MS = 1_800_000
/** How often the books are fetched while the socket cannot tell what happened to them. */
const POLL_INTERVAL_MS = 4_000

const now = () => Date.now()

function after(delayMs: number, call: () => void): () => void {
  const timer = setTimeout(call, delayMs)
  return () => clearTimeout(timer)
}

const wait = (delayMs: number) => new Promise<void>((done) => setTimeout(done, delayMs))

export class App {
  readonly preferences = new Preferences({
    storage: localStorage,
    root: document.documentElement,
    system: matchMedia('(prefers-color-scheme: dark)'),
  })
  readonly clock = new Clock(now)
  readonly toasts = new Toasts(after)
  readonly session: Session
  readonly http: Http
  readonly api: Api
  readonly preferenceSync: PreferenceSync
  readonly notices: Notices
  readonly quotes: Quotes
  readonly orders: Orders
  readonly portfolio: Portfolio
  readonly system: System
  readonly live: Live
  readonly market: MarketApi
  readonly listings: Listings
  readonly curves: DayCurves
  readonly finder: Finder
  readonly watchLists: WatchLists
  readonly alerts: Alerts
  readonly updates: AppUpdates

  constructor() {
    const http = new Http({ fetch: (...request) => fetch(...request), now })
    this.http = http
    this.session = new Session({ http, storage: localStorage, tabs: openTabs(), now, wait })
    const api = new Api({ http, session: this.session })
    this.api = api
    const { preferences } = this
    this.preferenceSync = new PreferenceSync({
      api,
      preferences,
      storage: localStorage,
      after,
      now,
    })
    this.notices = new Notices(api)
    this.quotes = new Quotes({ api, clock: this.clock, now })
    this.portfolio = new Portfolio({ api, quotes: this.quotes, after })
    this.orders = new Orders({
      api,
      newId: () => crypto.randomUUID(),
      wait,
      remembered: new RememberedOrders(localStorage),
      onChange: (change) => {
        void this.#tellOf(change)
        this.portfolio.refreshSoon()
      },
    })
    this.system = new System({ api, now, after, onHomeBack: () => void this.#welcomeHome() })
    this.updates = this.#makeUpdates()
    this.live = this.#makeLive()
    this.market = new MarketApi(http)
    this.listings = new Listings(this.market, (tickerIds) => void this.quotes.ask(tickerIds))
    this.curves = new DayCurves({ api: this.market, now })
    this.finder = this.newFinder()
    this.watchLists = new WatchLists({
      api,
      storage: localStorage,
      newId: () => crypto.randomUUID(),
      defaultName: m.dashboard_watch_default_name,
      onFailed: (failure) => {
        const text = failureText(failure)
        this.toasts.show({ tone: 'bad', title: m.dashboard_watch_failed(), text })
      },
    })
    this.alerts = new Alerts({ api, onTold: (alert) => void this.#tellOfAlert(alert) })
  }

  /** Starts the timers; the socket begins with `changeUser`. The answer stops everything. */
  start(): () => void {
    void this.quotes.load()
    void this.session.restore()
    this.system.start()
    const callOffWorker = after(WORKER_AFTER_MS, () => void this.updates.start())
    const { preferences } = this
    const tick = setInterval(() => this.clock.tick(), CLOCK_TICK_MS)
    const poll = setInterval(() => this.#poll(), POLL_INTERVAL_MS)
    const deafen = this.live.watch<'alerts'>('alerts', (alert) => this.alerts.hear(alert))
    const check = setInterval(() => void this.updates.check(), UPDATE_CHECK_INTERVAL_MS)
    const hurry = () => {
      this.live.hurry()
      const isBack = this.system.isOffline && navigator.onLine
      this.system.isOffline = !navigator.onLine
      if (isBack) void this.system.refresh()
    }
    const adopt = () => {
      this.session.adoptStored()
      preferences.adoptStored()
    }
    const look = () => {
      hurry()
      void this.preferenceSync.refresh()
    }
    hurry()
    addEventListener('online', hurry)
    addEventListener('offline', hurry)
    addEventListener('focus', look)
    addEventListener('storage', adopt)
    return () => {
      clearInterval(tick)
      clearInterval(poll)
      deafen()
      clearInterval(check)
      callOffWorker()
      removeEventListener('online', hurry)
      removeEventListener('offline', hurry)
      removeEventListener('focus', look)
      removeEventListener('storage', adopt)
      this.system.stop()
      this.live.stop()
    }
  }

  /** Someone signed in or out: forget the last user's books, fetch the next one's. */
  changeUser(): void {
    const username = this.session.user?.username
    if (username) this.orders.begin(username)
    else this.orders.clear()
    this.portfolio.clear()
    this.notices.clear()
    this.alerts.clear()
    this.live.restart()
    void this.watchLists.begin(username !== undefined)
    void this.refresh()
    if (!username) return this.preferenceSync.end()
    void this.preferenceSync.begin(username)
    void this.#loadOwn()
  }

  /** For a part of a page that lets an instrument be chosen; the palette's own is `finder`. */
  newFinder(): Finder {
    return new Finder({
      ...{ api: this.market, listings: this.listings, storage: localStorage, after },
    })
  }

  /** Home cannot be asked: it is dark, or has not yet said who this is. What it knows comes later. */
  get isHomeAway(): boolean {
    return this.system.isHomeDark || this.session.state === 'waiting'
  }

  /** The tickers of the user's own books: he may hold what this page has not met yet. */
  get ownTickers(): string[] {
    const positions = this.portfolio.valuation?.positions ?? []
    return [...positions.map(({ view }) => view), ...this.orders.all].map((one) => one.ticker_id)
  }

  /** Fetches the user's books anew. */
  async refresh(): Promise<void> {
    if (!this.session.isSignedIn) return
    await Promise.all([this.orders.load(), this.portfolio.load()])
  }

  async #welcomeHome(): Promise<void> {
    await this.session.finishSignOut()
    void this.preferenceSync.retry()
    await Promise.all([this.refresh(), ...(this.session.isSignedIn ? [this.#loadOwn()] : [])])
    if (this.watchLists.failure) await this.watchLists.load()
  }

  /** The socket is back: what it does not bring again is asked for. */
  async #comeBack(): Promise<void> {
    if (!this.session.isSignedIn) return
    const { alerts, notices, preferenceSync } = this
    await Promise.all([alerts.catchUp(), notices.load(), preferenceSync.refresh()])
  }

  /** What is the user's own beside his books. */
  async #loadOwn(): Promise<void> {
    await Promise.all([this.notices.load(), this.alerts.load()])
  }

  /** The words for what may happen are fetched when it happens. */
  async #tellOf(change: OrderChange): Promise<void> {
    const { noticeOf } = await import('./trade/notices.ts')
    const notice = noticeOf(change)
    const isFill = ['FILLED', 'PARTIALLY_FILLED'].includes(change.after.status)
    if (notice && (this.preferences.fillToasts || !isFill)) this.toasts.show(notice)
  }

  async #tellOfAlert(alert: PriceAlert): Promise<void> {
    const { toldNotice } = await import('./alerts/alert-texts.ts')
    this.toasts.show(toldNotice(alert))
  }

  /** While the socket is down, or an order still waits for its first word, ask instead. */
  #poll(): void {
    const isWaiting = this.orders.open.some(({ status }) => status === 'PENDING')
    if (this.live.state !== 'live' || isWaiting || this.orders.loadFailure) void this.refresh()
    if (this.live.state !== 'live') void this.quotes.load()
  }

  #makeUpdates(): AppUpdates {
    return new AppUpdates({
      container: import.meta.env.DEV ? undefined : (navigator as Partial<Navigator>).serviceWorker,
      onReady: () => {
        const action = { label: m.shell_update_apply(), run: () => this.updates.apply() }
        this.toasts.show({
          tone: 'plain',
          title: m.shell_update_ready(),
          text: '',
          action,
          stays: true,
        })
      },
      reload: () => location.reload(),
      after,
    })
  }

  #makeLive(): Live {
    const url = `${location.origin.replace(/^http/, 'ws')}/ws/stream`
    return new Live(
      {
        open: () => new WebSocket(url) as Socket,
        now,
        random: () => Math.random(),
        after,
        token: () => this.session.token(),
        renew: () => this.session.renew(),
        onQuotes: (quotes) => this.quotes.apply(quotes),
        onOrder: (order) => this.orders.apply(order),
        onOrdersUnknown: () => void this.refresh(),
        onHome: (state) => this.system.setHome(state),
        onBack: () => void this.#comeBack(),
      },
      ['quotes', `quotes:${USD_KRW}`],
    )
  }
}

/** The app of this page: set once by the root layout, read by every component below it. */
export const [getApp, setApp] = createContext<App>()
