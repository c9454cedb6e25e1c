// The places of the app, in the order in which its menus name them.

import * as m from '#lib/paraglide/messages.js'
import type { IconName } from '#lib/ui/Icon.svelte'

export type Place = { href: string; label: () => string; icon: IconName }

const HOME: Place = { href: '/', label: m.shell_nav_home, icon: 'home' }
const TRADE: Place = { href: '/symbol', label: m.nav_trade, icon: 'chart' }
const ORDERS: Place = { href: '/orders', label: m.shell_nav_orders, icon: 'order' }
const PORTFOLIO: Place = { href: '/portfolio', label: m.nav_portfolio, icon: 'wallet' }
const ALERTS: Place = { href: '/alerts', label: m.shell_nav_alerts, icon: 'bell' }
const RANKING: Place = { href: '/ranking', label: m.shell_nav_ranking, icon: 'trophy' }
const SETTINGS: Place = { href: '/settings', label: m.settings, icon: 'gear' }
const STATUS: Place = { href: '/status', label: m.shell_nav_status, icon: 'pulse' }
const ADMIN: Place = { href: '/admin', label: m.admin, icon: 'person' }

/** What the header of a wide screen shows. */
export const HEADER_PLACES = [HOME, TRADE, ORDERS, PORTFOLIO, ALERTS, RANKING]
/** What lies under the thumb on a phone, beside the button for the rest. */
export const TAB_PLACES = [HOME, TRADE, ORDERS, PORTFOLIO]

/** What a phone's tab bar has no room for. */
export function restPlaces(who: { isSignedIn: boolean; isAdmin: boolean }): Place[] {
  return [
    ALERTS,
    RANKING,
    STATUS,
    ...(who.isSignedIn ? [SETTINGS] : []),
    ...(who.isAdmin ? [ADMIN] : []),
  ]
}

/** Whether a path is the place, or below it. */
export function isAt({ href }: Pick<Place, 'href'>, path: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`))
}
