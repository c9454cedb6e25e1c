// Pure: no I/O, no clock, no randomness.
// Why an order ended, in the words of the app (`web/messages`, which a test holds these against).

import type { Reason } from '@motu/shared/order.ts'
import type { Locale } from './personal-words.ts'

export const REASON_WORDS: Readonly<Record<Reason, Readonly<Record<Locale, string>>>> = {
  insufficient_funds: { ko: '주문 가능 금액이 모자라요.', en: 'Not enough buying power.' },
  insufficient_quantity: { ko: '팔 수 있는 수량이 모자라요.', en: 'Not enough to sell.' },
  price_limit: {
    ko: '상·하한가를 벗어난 가격이에요.',
    en: 'The price is outside the daily limits.',
  },
  tick_size: { ko: '호가 단위에 맞지 않는 가격이에요.', en: 'The price is not on a tick.' },
  lot_size: {
    ko: '주문 단위에 맞지 않는 수량이에요.',
    en: 'The quantity is not a multiple of the lot.',
  },
  min_notional: { ko: '최소 주문 금액보다 작아요.', en: 'The order is below the smallest amount.' },
  too_large: { ko: '주문 금액이 너무 커요.', en: 'The order is too large.' },
  time_in_force: {
    ko: '이 시장에서 쓸 수 없는 주문 조건이에요.',
    en: 'The market does not take this time in force.',
  },
  market_closed: { ko: '장이 닫혀 있어요.', en: 'The market is closed.' },
  session: {
    ko: '이 거래 시간에는 낼 수 없는 주문이에요.',
    en: 'The order cannot trade in this session.',
  },
  halted: { ko: '거래가 정지된 종목이에요.', en: 'Trading is halted.' },
  delisted: { ko: '상장 폐지된 종목이에요.', en: 'The instrument is no longer listed.' },
  stale_market_data: {
    ko: '1분 동안 새 시세가 없어 주문을 거절했어요.',
    en: 'No fresh price came for a minute.',
  },
  post_only_would_take: {
    ko: '바로 체결될 가격이라 접수하지 않았어요.',
    en: 'It would have filled at once.',
  },
  reduce_only: {
    ko: '보유 수량을 줄이는 주문만 할 수 있어요.',
    en: 'Only orders that reduce the position are allowed.',
  },
  ioc_unfilled: {
    ko: '바로 체결되지 않은 수량을 취소했어요.',
    en: 'What did not fill at once was cancelled.',
  },
  fok_unfilled: {
    ko: '전량을 바로 체결할 수 없어 취소했어요.',
    en: 'It could not fill completely at once.',
  },
  no_liquidity: {
    ko: '호가에 남은 물량이 없어 나머지를 취소했어요.',
    en: 'Nothing was left in the book: the rest was cancelled.',
  },
  expired: { ko: '주문 유효 기간이 끝났어요.', en: 'The time of the order is over.' },
  oco_sibling: { ko: '함께 건 다른 주문이 체결돼 취소됐어요.', en: 'The paired order filled.' },
  entry_ended: {
    ko: '진입 주문이 체결되지 않고 끝나 함께 끝났어요.',
    en: 'Its entry ended without a fill.',
  },
  liquidation: { ko: '강제 청산으로 처리됐어요.', en: 'Closed by liquidation.' },
  unknown_instrument: { ko: '거래할 수 없는 종목이에요.', en: 'This instrument cannot be traded.' },
  unknown_user: { ko: '계정을 찾을 수 없어요.', en: 'The account is unknown.' },
  duplicate_mismatch: {
    ko: '같은 주문 번호로 다른 내용의 주문이 있었어요.',
    en: 'The order id was used for a different order.',
  },
  replaced: { ko: '정정 주문으로 바뀌었어요.', en: 'Replaced by a newer order.' },
  replace_too_late: {
    ko: '이미 끝났거나 더 많이 체결돼 정정하지 못했어요.',
    en: 'Too late to replace: it had ended, or more had filled.',
  },
  corporate_action: {
    ko: '액면분할 같은 권리 변동으로 주문이 끝났어요.',
    en: 'A corporate action ended the order.',
  },
  revoked: {
    ko: '주문할 때 로그인이 이미 끝나 있었어요.',
    en: 'The sign-in had ended when it was placed.',
  },
  cancelled_by_user: { ko: '직접 취소했어요.', en: 'Cancelled by you.' },
  unprocessable: { ko: '처리할 수 없는 주문이에요.', en: 'The order could not be processed.' },
}
