"""How fast, against what: a made-up country, the product, the floor and the stock way (docs/performance.md)."""
