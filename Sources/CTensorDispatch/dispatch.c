#include "CTensorDispatch.h"
