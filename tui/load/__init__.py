"""Load by embedded Locust: its master lives in the engine, its users in processes of their own."""
