// Every page of the app, once: what is looked at for barriers (`barriers.test.ts`) and drawn for the
// documentation (`npm run screenshots`). `scripts/page-gate.test.ts` holds it against the routes.

import { TRADING_PATH } from './browser.ts'

export type AppPage = {
  /** Of its screenshots: `{name}-{1440|390}-{light|dark}.webp`. */
  name: string
  /** The route's folder in `web/src/routes`; null for a page that stands where there is none. */
  route: string | null
  path: string
  /** What of it opens a dialog, by selector, with data in it. */
  dialogs?: readonly [name: string, opener: string][]
}

export const PAGES: readonly AppPage[] = [
  {
    ...{ name: 'dashboard', route: '/', path: '/' },
    dialogs: [['search', 'header button[aria-haspopup=dialog]']],
  },
  {
    ...{ name: 'symbol', route: '/symbol/[ticker]', path: TRADING_PATH },
    dialogs: [['alert', 'main button[aria-haspopup=dialog]']],
  },
  { name: 'no-symbol', route: null, path: '/symbol/NO-SUCH' },
  { name: 'not-found', route: null, path: '/no-such-page' },
  {
    ...{ name: 'orders', route: '/orders', path: '/orders' },
    dialogs: [['cancel all', 'main button:text-is("모두 취소")']],
  },
  {
    ...{ name: 'portfolio', route: '/portfolio', path: '/portfolio' },
    dialogs: [['sell all', 'main button:text-is("전량매도")']],
  },
  {
    ...{ name: 'alerts', route: '/alerts', path: '/alerts' },
    dialogs: [['new alert', 'main .head button']],
  },
  { name: 'ranking', route: '/ranking', path: '/ranking' },
  { name: 'status', route: '/status', path: '/status' },
  { name: 'settings', route: '/settings', path: '/settings' },
  { name: 'sign-in', route: '/sign-in', path: '/sign-in' },
  { name: 'register', route: '/register', path: '/register' },
  { name: 'admin', route: '/admin', path: '/admin' },
  { name: 'admin-audit', route: '/admin/audit', path: '/admin/audit' },
  { name: 'admin-calendar', route: '/admin/calendar', path: '/admin/calendar' },
  {
    ...{ name: 'admin-corporate-actions', route: '/admin/corporate-actions' },
    path: '/admin/corporate-actions',
  },
  { name: 'admin-dead-letters', route: '/admin/dead-letters', path: '/admin/dead-letters' },
]

/** Those that show a visitor something else than one who is signed in. */
export const WAYS_IN = ['sign-in', 'register']

export const SCREENS = [
  { width: 1440, height: 900, isPhone: false },
  { width: 390, height: 844, isPhone: true },
] as const
export const THEMES = ['light', 'dark'] as const

/** Where the screenshots of a page lie in `docs/screens`. */
export function screenshotsOf({ name }: Pick<AppPage, 'name'>): string[] {
  return SCREENS.flatMap(({ width }) => THEMES.map((theme) => `${name}-${width}-${theme}.webp`))
}
