// Pure: no I/O, no clock, no randomness.
// Why an order ended, in a sentence of the bot. A reason without one does not compile.

import type { Reason } from '../order.ts'

export const REASON_TEXTS: Readonly<Record<Reason, string>> = {
  insufficient_funds: '주문 가능 금액이 모자라요.',
  insufficient_quantity: '팔 수 있는 수량이 모자라요.',
  price_limit: '상·하한가를 벗어난 가격이에요.',
  tick_size: '호가 단위에 맞지 않는 가격이에요.',
  lot_size: '주문 단위에 맞지 않는 수량이에요.',
  min_notional: '최소 주문 금액보다 작아요.',
  too_large: '주문 금액이 너무 커요.',
  time_in_force: '이 시장에서 쓸 수 없는 주문 조건이에요.',
  market_closed: '장이 닫혀 있어요.',
  session: '이 거래 시간에는 낼 수 없는 주문이에요.',
  halted: '거래가 정지된 종목이에요.',
  delisted: '상장 폐지된 종목이에요.',
  stale_market_data: '1분 동안 새 시세가 없어 주문을 거절했어요.',
  post_only_would_take: '바로 체결될 가격이라 접수하지 않았어요.',
  reduce_only: '보유 수량을 줄이는 주문만 할 수 있어요.',
  ioc_unfilled: '바로 체결되지 않은 수량을 취소했어요.',
  fok_unfilled: '전량을 바로 체결할 수 없어 취소했어요.',
  no_liquidity: '호가에 남은 물량이 없어 나머지를 취소했어요.',
  expired: '주문 유효 기간이 끝났어요.',
  oco_sibling: '함께 건 다른 주문이 체결돼 취소됐어요.',
  entry_ended: '진입 주문이 체결되지 않고 끝나 함께 끝났어요.',
  liquidation: '강제 청산으로 처리됐어요.',
  unknown_instrument: '거래할 수 없는 종목이에요.',
  unknown_user: '계정을 찾을 수 없어요.',
  duplicate_mismatch: '같은 주문 번호로 다른 내용의 주문이 있었어요.',
  replaced: '정정 주문으로 바뀌었어요.',
  replace_too_late: '이미 끝났거나 더 많이 체결돼 정정하지 못했어요.',
  corporate_action: '액면분할 같은 권리 변동으로 주문이 끝났어요.',
  revoked: '주문할 때 연결이 이미 끊겨 있었어요.',
  cancelled_by_user: '직접 취소했어요.',
  unprocessable: '처리할 수 없는 주문이에요.',
}
