// Serving
import Hummingbird
