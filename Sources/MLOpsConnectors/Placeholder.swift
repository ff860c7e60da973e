// Connectors
import AsyncHTTPClient
