// Every page of the app, once: what is looked at for barriers (`barriers.test.ts`) and drawn for the
// documentation (`npm run screenshots`). `scripts/page-gate.test.ts` holds it against the routes.

import { TRADING_PATH } from './browser.ts'
import {
  type AppDialog,
  dialogsOn,
  ORDER_DIALOGS,
  SETTINGS_DIALOGS,
  SHELL_DIALOGS,
  SYMBOL_DIALOGS,
} from './dialogs.ts'

export type AppPage = {
  /** Of its screenshots: `{name}-{1440|390}-{light|dark}.webp`. */
  name: string
  /** The route's folder in `web/src/routes`; null for a page that stands where there is none. */
  route: string | null
  path: string
  /** What opens over it, with data in it. */
  dialogs?: readonly AppDialog[]
}

export const PAGES: readonly AppPage[] = [
  {
    ...{ name: 'dashboard', route: '/', path: '/' },
    dialogs: SHELL_DIALOGS,
  },
  {
    ...{ name: 'symbol', route: '/symbol/[ticker]', path: TRADING_PATH },
    dialogs: SYMBOL_DIALOGS,
  },
  { name: 'no-symbol', route: null, path: '/symbol/NO-SUCH' },
  { name: 'not-found', route: null, path: '/no-such-page' },
  {
    ...{ name: 'orders', route: '/orders', path: '/orders' },
    dialogs: ORDER_DIALOGS,
  },
  {
    ...{ name: 'portfolio', route: '/portfolio', path: '/portfolio' },
    dialogs: [
      {
        ...{ name: 'sell-all', file: 'lib/books/SellAllDialog.svelte', isDrawn: true },
        steps: ['main .details button[aria-haspopup=dialog]'],
      },
    ],
  },
  {
    ...{ name: 'alerts', route: '/alerts', path: '/alerts' },
    dialogs: [
      {
        ...{ name: 'new-alert', file: 'lib/alerts/AlertDialog.svelte' },
        steps: ['main .head button'],
      },
    ],
  },
  {
    ...{ name: 'ranking', route: '/ranking', path: '/ranking' },
    dialogs: [
      {
        ...{ name: 'rules', file: 'lib/ranking/RankingView.svelte' },
        steps: ['main .ranking-hint'],
      },
    ],
  },
  { name: 'status', route: '/status', path: '/status' },
  {
    ...{ name: 'settings', route: '/settings', path: '/settings' },
    dialogs: SETTINGS_DIALOGS,
  },
  { name: 'sign-in', route: '/sign-in', path: '/sign-in' },
  { name: 'register', route: '/register', path: '/register' },
  {
    ...{ name: 'admin', route: '/admin', path: '/admin' },
    dialogs: [
      {
        ...{ name: 'user', file: 'lib/admin/UsersView.svelte', isDrawn: true },
        steps: ['main li button'],
      },
    ],
  },
  { name: 'admin-audit', route: '/admin/audit', path: '/admin/audit' },
  {
    ...{ name: 'admin-calendar', route: '/admin/calendar', path: '/admin/calendar' },
    dialogs: [
      {
        ...{ name: 'restoration', file: 'lib/admin/CalendarView.svelte' },
        steps: ['main li button'],
      },
    ],
  },
  {
    ...{ name: 'admin-corporate-actions', route: '/admin/corporate-actions' },
    path: '/admin/corporate-actions',
    dialogs: [
      {
        ...{ name: 'record', file: 'lib/admin/ActionsView.svelte' },
        steps: ['main .head button'],
      },
    ],
  },
  { name: 'admin-deliveries', route: '/admin/deliveries', path: '/admin/deliveries' },
  { name: 'admin-dead-letters', route: '/admin/dead-letters', path: '/admin/dead-letters' },
  {
    ...{ name: 'admin-templates', route: '/admin/templates', path: '/admin/templates' },
    dialogs: [
      {
        ...{ name: 'reset', file: 'lib/admin/templates/TemplateEditor.svelte' },
        steps: [{ into: 'main textarea', text: '{nickname} {unknown}' }, '#template-reset'],
      },
      {
        ...{ name: 'leave', file: 'lib/admin/templates/TemplatesView.svelte' },
        steps: [
          { into: 'main textarea', text: '{nickname} {unknown}' },
          'main .keys li:last-child button',
        ],
      },
    ],
  },
]

/** Those that show a visitor something else than one who is signed in. */
export const WAYS_IN = ['sign-in', 'register']

export const SCREENS = [
  { width: 1440, height: 900, isPhone: false },
  { width: 390, height: 844, isPhone: true },
] as const
export const THEMES = ['light', 'dark'] as const

/** Where the screenshots of a page and of what opens over it lie in `docs/screens`. */
export function screenshotsOf({ name, dialogs = [] }: AppPage): string[] {
  return SCREENS.flatMap(({ width, isPhone }) => {
    const drawn = dialogsOn(dialogs, isPhone).filter(({ isDrawn }) => isDrawn)
    const subjects = [name, ...drawn.map((dialog) => `${name}.${dialog.name}`)]
    return THEMES.flatMap((theme) => subjects.map((of) => `${of}-${width}-${theme}.webp`))
  })
}
