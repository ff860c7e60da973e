// Registry
import GRDB
