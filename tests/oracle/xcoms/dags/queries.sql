select id, city, amount from orders
