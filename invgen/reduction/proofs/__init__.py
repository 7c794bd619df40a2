"""Certificates, and the checks behind them."""
