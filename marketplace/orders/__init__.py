"""Group orders: cycles, bookings, boxes, allotment, delivery, what everybody owes."""
