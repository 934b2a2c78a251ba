const money = 'SUM(l.quantity * l.unit_price)'
const lines = 'order_lines l JOIN orders o ON o.id = l.order_id'
const perStore = `${lines} JOIN stores s ON s.id = o.store_id`

/** Each question about the shop, and an independent query with the rows that it must give. */
export const questions: readonly (readonly [string, string])[] = [
  ['How many customers are there?', 'SELECT 4'],
  ['Number of orders', 'SELECT 7'],
  ['Show me total sales for abracadabra this month', 'SELECT 115.0'],
  [
    'sales this month',
    `SELECT ${money} FROM ${lines} WHERE o.ordered_at >= '2024-05-01' AND o.ordered_at < '2024-06-01'`,
  ],
  ['sales last month', 'SELECT 180.0'],
  ['What were the sales yesterday?', 'SELECT 30.0'],
  ['total sales today', 'SELECT 70.0'],
  ['sales by store', `SELECT s.name, ${money} FROM ${perStore} GROUP BY s.id`],
  [
    'Show total sales per category',
    `SELECT p.category, ${money} FROM order_lines l JOIN products p ON p.id = l.product_id GROUP BY 1`,
  ],
  ['sales per month', `SELECT strftime('%Y-%m', o.ordered_at), ${money} FROM ${lines} GROUP BY 1`],
  ['Show me the top 2 products by sales', "SELECT 'Puzzle', 205.0 UNION ALL SELECT 'Chair', 225.0"],
  ['Which store has the most orders?', "SELECT 'Plaza'"],
  ['Which customer has the fewest orders?', "SELECT 'Bo Kim'"],
  ['How many orders per status?', 'SELECT status, COUNT(*) FROM orders GROUP BY status'],
  [
    'Number of orders for each store',
    'SELECT s.name, COUNT(*) FROM orders o JOIN stores s ON s.id = o.store_id GROUP BY s.id',
  ],
  ['What is the average unit price of products?', 'SELECT AVG(unit_price) FROM products'],
  [
    'What are the minimum and maximum unit price of products?',
    'SELECT MIN(unit_price), MAX(unit_price) FROM products',
  ],
  ['Which product has the highest unit price?', "SELECT 'Desk'"],
  ['What is the most expensive product?', "SELECT 'Desk'"],
  ['the 2 cheapest products', "SELECT 'Kite' UNION SELECT 'Lamp'"],
  [
    'List the names of customers from Portugal',
    "SELECT name FROM customers WHERE country = 'Portugal'",
  ],
  [
    'Show name and city of all customers sorted by name descending',
    'SELECT name, city FROM customers',
  ],
  ['What are the different countries of customers?', 'SELECT DISTINCT country FROM customers'],
  [
    'How many different countries do customers come from?',
    'SELECT COUNT(DISTINCT country) FROM customers',
  ],
  ['names of products with unit price over 40', 'SELECT name FROM products WHERE unit_price > 40'],
  [
    'product names with a unit price between 20 and 45',
    'SELECT name FROM products WHERE unit_price BETWEEN 20 AND 45',
  ],
  ['Which customers have more than 2 orders?', "SELECT 'Ann Lee'"],
  [
    'Which customers have at least 2 orders?',
    "SELECT 'Ann Lee' UNION SELECT 'Bo Kim' UNION SELECT 'Cy Roe'",
  ],
  ['Show the names of customers without orders', "SELECT 'Di Poe'"],
  ['Which products have no returns?', "SELECT 'Kite' UNION SELECT 'Desk'"],
  ['How many returns per reason?', 'SELECT reason, COUNT(*) FROM returns GROUP BY reason'],
  ['How many damaged returns are there?', 'SELECT 2'],
  ['How many orders in 2023?', 'SELECT 1'],
  ['orders since 2024 count', 'SELECT 6'],
  ['How many orders in February 2024?', 'SELECT 1'],
  ['How many orders in the last 7 days?', 'SELECT 2'],
  ['How many customers signed up this month?', 'SELECT 2'],
  ['How many orders are not paid?', 'SELECT 2'],
  [
    'How many paid orders are there per store?',
    "SELECT s.name, COUNT(*) FROM orders o JOIN stores s ON s.id = o.store_id WHERE o.status = 'paid' GROUP BY s.id",
  ],
  ['total quantity of abracadabra', 'SELECT 7'],
  [
    'total quantity per product',
    'SELECT p.name, SUM(l.quantity) FROM order_lines l JOIN products p ON p.id = l.product_id GROUP BY p.id',
  ],
  [
    'sales per customer in Spain',
    `SELECT c.name, ${money} FROM ${lines} JOIN customers c ON c.id = o.customer_id WHERE c.country = 'Spain' GROUP BY c.id`,
  ],
  ['status of order 5', "SELECT 'cancelled'"],
  [
    'names of products above average unit price',
    'SELECT name FROM products WHERE unit_price > (SELECT AVG(unit_price) FROM products)',
  ],
  [
    'What is the most common category of products?',
    'SELECT category FROM products GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1',
  ],
  [
    'names of products in home or office',
    "SELECT name FROM products WHERE category IN ('home', 'office')",
  ],
  ['How many customers per country', 'SELECT country, COUNT(*) FROM customers GROUP BY 1'],
  ['email of customer "Ann Lee"', "SELECT 'ann@shop.example'"],
  ['names of customers whose email contains "an"', "SELECT 'Ann Lee'"],
  ['product names that start with "P"', "SELECT 'Puzzle'"],
  [
    'names of products whose name does not contain "e"',
    "SELECT name FROM products WHERE name NOT LIKE '%e%'",
  ],
  ['names of customers whose name ends with "50%"', 'SELECT 1 WHERE 0'],
  [
    'Which stores do not have any cancelled orders?',
    "SELECT name FROM stores WHERE id NOT IN (SELECT store_id FROM orders WHERE status = 'cancelled')",
  ],
  [
    'Show the name and city of customers without cancelled orders',
    "SELECT name, city FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'cancelled')",
  ],
  ['How many order lines are there?', 'SELECT 10'],
  ['How many orderlines are there?', 'SELECT 10'],
  ['Show the city of stores in reverse alphabetical order', 'SELECT city FROM stores'],
]
