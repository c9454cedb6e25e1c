// This browser's subscription to pushes. It is there only where the app's worker runs: over https, and
// on iOS once the app is on the home screen.

import type { NewPushDevice } from '@motu/shared/contract/push.ts'

/** What came of asking for one. */
export type Subscribed =
  | { readonly kind: 'subscribed'; readonly device: NewPushDevice }
  /** The viewer, or his browser for him, does not want any. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed' }

/** Whether this browser could take pushes. */
export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

/** The endpoint's hash, by which home's list knows this browser; null where it takes none. */
export async function ownEndpointHash(): Promise<string | null> {
  if (!canPush()) return null
  const registration = await navigator.serviceWorker.getRegistration()
  const subscription = await registration?.pushManager.getSubscription()
  if (!subscription) return null
  const bytes = await crypto.subtle.digest(
    'SHA-256',
    new TextEncoder().encode(subscription.endpoint),
  )
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Asks the viewer, and subscribes; one that was made with another key is made anew. */
export async function subscribe(publicKey: string): Promise<Subscribed> {
  if ((await Notification.requestPermission()) !== 'granted') return { kind: 'denied' }
  try {
    const { pushManager } = await navigator.serviceWorker.ready
    await (await pushManager.getSubscription())?.unsubscribe()
    const subscription = await pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: publicKey,
    })
    const { endpoint, keys } = subscription.toJSON()
    const { p256dh, auth } = keys ?? {}
    if (!endpoint || !p256dh || !auth) return { kind: 'failed' }
    return { kind: 'subscribed', device: { endpoint, keys: { p256dh, auth } } }
  } catch {
    // Its service cannot be reached, or the browser has none: it says no more than that.
    return { kind: 'failed' }
  }
}

/** Takes no pushes any more. */
export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration()
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
}
