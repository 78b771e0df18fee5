import type { RateService } from '../../../gen/ratebook/v1/rate_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import { toProtoRating } from '../recording/convert-rating.js';
import type { RecordingPorts } from '../recording/ports.js';
import { cancelOrder } from './cancel-order.js';
import { confirmOrder } from './confirm-order.js';
import {
  fromProtoCancelPurchase,
  fromProtoConfirmPurchase,
  fromProtoPurchase,
  toProtoOrder,
} from './convert-order.js';
import { placeOrder } from './place-order.js';

type PurchaseMethods = 'purchase' | 'confirmPurchase' | 'cancelPurchase';

/** The methods of RateService for what is bought in advance. */
export function purchaseHandlers(ports: RecordingPorts): Pick<Handlers<typeof RateService>, PurchaseMethods> {
  return {
    purchase: async (request, { signal }) => ({
      order: toProtoOrder(await placeOrder(fromProtoPurchase(request), ports, signal)),
    }),

    confirmPurchase: async (request) => {
      const { order, rating } = await confirmOrder(fromProtoConfirmPurchase(request), ports);
      return { order: toProtoOrder(order), rating: toProtoRating(rating) };
    },

    cancelPurchase: async (request) => {
      const { order, reversal } = await cancelOrder(fromProtoCancelPurchase(request), ports);
      return { order: toProtoOrder(order), reversal: reversal && toProtoRating(reversal) };
    },
  };
}
